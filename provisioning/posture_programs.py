"""Programs that take a screen or a voice elsewhere, by the names of their processes: the list that policy starts from.

A name is compared without regard to case and without `.exe`; Linux shortens the names of processes to 15 characters,
which whoever compares allows for. Programs that have another use too are listed with what they must have been told.
"""

from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field


class ProgramKind(StrEnum):
    """What a program is listed for."""

    REMOTE_CONTROL = "remote-control"
    CAPTURE = "capture"
    VIRTUAL_MICROPHONE = "virtual-microphone"


class Program(BaseModel):
    """One program."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = Field(min_length=1, max_length=40, pattern=r"^[^:]+$")
    """As people know it; this is all that a report says of it."""
    kind: ProgramKind
    processes: tuple[str, ...] = Field(default=(), max_length=24)
    """Names of processes, any of which is the program."""
    arguments: tuple[str, ...] = Field(default=(), max_length=12)
    """Where these are given, one of them must be in the process's arguments."""
    devices: tuple[str, ...] = Field(default=(), max_length=12)
    """Parts of the names of the sound devices that it brings."""


def _control(name: str, *processes: str, arguments: tuple[str, ...] = ()) -> Program:
    return Program(name=name, kind=ProgramKind.REMOTE_CONTROL, processes=processes, arguments=arguments)


def _capture(name: str, *processes: str, arguments: tuple[str, ...] = ()) -> Program:
    return Program(name=name, kind=ProgramKind.CAPTURE, processes=processes, arguments=arguments)


def _microphone(name: str, *processes: str, devices: tuple[str, ...] = ()) -> Program:
    return Program(name=name, kind=ProgramKind.VIRTUAL_MICROPHONE, processes=processes, devices=devices)


DEFAULT_PROGRAMS: tuple[Program, ...] = (
    # Remote control. A program's service counts: while it runs, the PC can be taken over without a window to see.
    _control("TeamViewer", "teamviewer", "teamviewerd", "teamviewer_service", "teamviewer_desktop", "tv_w32", "tv_x64"),
    _control("AnyDesk", "anydesk", "ad_svc"),
    _control("ToDesk", "todesk", "todesk_service", "todesk_session"),
    _control("向日葵 (Sunlogin)", "sunloginclient", "sunloginremote", "oray_rundaemon", "slclient", "awesun"),
    _control("RustDesk", "rustdesk"),
    _control("RayLink", "raylink", "raylinkservice", "raylinkcapture"),
    _control("GameViewer (网易UU远程)", "gameviewer", "gameviewerserver", "gameviewerhealthd"),
    _control("Chrome Remote Desktop", "chrome-remote-desktop-host", "remoting_me2me_host", "remoting_host"),
    _control("Splashtop", "srserver", "srservice", "srstreamer", "splashtopstreamer"),
    _control("ConnectWise ScreenConnect", "screenconnect.clientservice", "screenconnect.windowsclient"),
    _control("LogMeIn", "logmein", "lmiguardiansvc", "logmeinsystray"),
    _control("GoTo Resolve", "gotoassist", "g2comm", "g2mhost", "goto-opener"),
    _control("Zoho Assist", "za_connect", "zaservice", "zohomeeting"),
    _control("UltraViewer", "ultraviewer_desktop", "ultraviewer_service"),
    _control("Ammyy Admin", "aa_v3", "ammyy_admin"),
    _control("Supremo", "supremo", "supremoservice"),
    _control("DWService", "dwagent", "dwagsvc", "dwaglnc"),
    _control("Remote Utilities", "rutserv", "rfusclient"),
    _control("Radmin", "rserver3", "radmin"),
    _control("MeshCentral", "meshagent", "meshagent64"),
    _control("HopToDesk", "hoptodesk"),
    _control("NoMachine", "nxserver.bin", "nxnode.bin", "nxserver", "nxd"),
    _control("Parsec", "parsecd", "parsec-fbf"),
    _control("Sunshine", "sunshine", "sunshinesvc"),
    _control("Quick Assist", "quickassist", "msra"),
    _control("Windows Remote Desktop (watching)", "rdpsa", "rdpsaproxy"),
    _control(
        "VNC",
        *("x11vnc", "x0vncserver", "xtigervnc", "xtightvnc", "xvnc", "vino-server", "krfb", "wayvnc", "vncserver-x11"),
        *("vncserver", "winvnc", "winvnc4", "tvnserver", "uvnc_service", "vncagent", "screensharingd"),
    ),
    _control("xrdp", "xrdp-sesman", "xrdp"),
    _control("GNOME Remote Desktop", "gnome-remote-desktop-daemon"),
    _control("Apple Remote Desktop", "ardagent"),
    # Capture and streaming.
    _capture("OBS Studio", "obs", "obs32", "obs64", "obs-ffmpeg-mux"),
    _capture("Streamlabs", "streamlabs obs", "streamlabs desktop"),
    _capture("XSplit", "xsplit.core", "xsplitbroadcaster"),
    _capture(
        "ffmpeg (screen)",
        *("ffmpeg", "avconv"),
        arguments=("x11grab", "kmsgrab", "pipewiregrab", "gdigrab", "ddagrab", "avfoundation", "fbdev"),
    ),
    _capture("GStreamer (screen)", "gst-launch-1.0", arguments=("ximagesrc", "pipewiresrc", "d3d11screencapturesrc")),
    _capture("VLC (screen)", "vlc", "cvlc", arguments=("screen://",)),
    _capture("GPU Screen Recorder", "gpu-screen-recorder", "gpu-screen-recorder-gtk"),
    _capture("SimpleScreenRecorder", "simplescreenrecorder"),
    _capture("Kazam", "kazam"),
    _capture("Kooha", "kooha"),
    _capture("Peek", "peek"),
    _capture("vokoscreen", "vokoscreenng", "vokoscreen"),
    _capture("recordMyDesktop", "recordmydesktop", "gtk-recordmydesktop"),
    _capture("wf-recorder", "wf-recorder", "wl-screenrec"),
    _capture("GNOME screen cast", "gjs", arguments=("org.gnome.Shell.Screencast",)),
    _capture("Spectacle", "spectacle"),
    _capture("Flameshot", "flameshot"),
    _capture("ShareX", "sharex"),
    _capture("Snipaste", "snipaste"),
    _capture("PixPin", "pixpin"),
    _capture("FastStone Capture", "fscapture"),
    _capture("Greenshot", "greenshot"),
    _capture("Snagit", "snagit32", "snagiteditor", "snagitcapture", "snagit"),
    _capture("Camtasia", "camtasiastudio", "camrecorder", "camtasia"),
    _capture("Bandicam", "bdcam"),
    _capture("Fraps", "fraps"),
    _capture("Action!", "action_svc"),
    _capture("oCam", "ocam"),
    _capture("EV录屏", "evcapture"),
    _capture("Apowersoft / ApowerREC", "apowerrec"),
    _capture("Loom", "loom"),
    _capture("ScreenPal", "screenpal", "somrecorder"),
    _capture("Snipping Tool", "snippingtool", "screenclippinghost"),
    _capture("Xbox Game Bar recording", "gamebarftserver", "bcastdvr", "broadcastdvrserver"),
    _capture("QuickTime Player", "quicktime player"),
    _capture("macOS screen capture", "screencapture", "screencaptureui"),
    _capture("CleanShot", "cleanshot x"),
    # What lends somebody else's voice, or lets another program listen.
    _microphone("VB-Audio Cable", devices=("CABLE Output", "VB-Audio", "VB-Cable")),
    _microphone("VoiceMeeter", "voicemeeter", "voicemeeterpro", "voicemeeter8", devices=("VoiceMeeter",)),
    _microphone("Voicemod", "voicemod", "voicemoddesktop", devices=("Voicemod",)),
    _microphone("Clownfish Voice Changer", "clownfishvoicechanger"),
    _microphone("MorphVOX", "morphvoxpro", "morphvoxjunior", devices=("Screaming Bee",)),
    _microphone("Virtual Audio Cable", devices=("Virtual Audio Cable", "Virtual Cable")),
    _microphone("BlackHole", devices=("BlackHole",)),
    _microphone("Soundflower", devices=("Soundflower",)),
    _microphone("Loopback (Rogue Amoeba)", "loopback", devices=("Loopback Audio",)),
    _microphone("ALSA loopback", devices=("snd_aloop", "aloop")),
)
"""Reviewed November 2026. An organisation adds to it and takes from it in the [posture] table of organisation.toml."""
