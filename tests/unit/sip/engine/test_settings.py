"""Every insecure or slow default of PJSIP is set on purpose: read the objects back that PJSIP gets."""

import dataclasses
import socket

import pjsua2 as pj
import pytest

from client.core.telephony import Configure, EdgeAddress, Register
from client.sip.engine import settings
from client.sip.engine.log import ScrubbedLog

EDGE = EdgeAddress("edge.example.invalid", 5061, ("pin",))
LINE = Configure("example.invalid", (EDGE,), "-----BEGIN CERTIFICATE-----", ("opus/48000",), 600)
CREDENTIALS = Register("sip:agent@example.invalid", "1:agent", "example.invalid", "open sesame")


@pytest.fixture
def endpoint_config() -> pj.EpConfig:
    return settings.endpoint_config(ScrubbedLog())


@pytest.fixture
def account() -> pj.AccountConfig:
    return settings.account_config(LINE, CREDENTIALS, EDGE, 7)


def test_one_thread_owns_pjsip(endpoint_config: pj.EpConfig) -> None:
    ua = endpoint_config.uaConfig
    assert (ua.threadCnt, ua.mainThreadOnly) == (0, True)


def test_names_are_resolved_by_the_os_and_no_stun_is_asked(endpoint_config: pj.EpConfig) -> None:
    ua = endpoint_config.uaConfig
    assert (len(ua.nameserver), len(ua.stunServer)) == (0, 0)


def test_nothing_is_taken_that_was_not_asked_for(endpoint_config: pj.EpConfig, account: pj.AccountConfig) -> None:
    ua = endpoint_config.uaConfig
    assert (ua.enableUpnp, ua.natTypeInSdp) == (False, 0)
    assert (account.sipConfig.autoRespondSipMessage, account.mwiConfig.enabled) == (False, False)
    assert account.presConfig.publishEnabled is False


def test_no_sip_message_and_no_file_in_the_log(endpoint_config: pj.EpConfig) -> None:
    log = endpoint_config.logConfig
    assert (log.level, log.consoleLevel, log.msgLogging, log.filename) == (2, 2, 0, "")


def test_the_version_is_nobodys_business(endpoint_config: pj.EpConfig) -> None:
    assert endpoint_config.uaConfig.userAgent == "Hearthline"


def test_sound_is_fast(endpoint_config: pj.EpConfig) -> None:
    media = endpoint_config.medConfig
    assert (media.clockRate, media.audioFramePtime, media.ptime) == (48_000, 10, 20)
    assert media.sndRecLatency + media.sndPlayLatency <= 60
    assert media.jbInit <= 20
    assert media.jbMax <= 300
    assert media.sndUseSwClock is False


def test_echo_is_cancelled_and_silence_is_sent(endpoint_config: pj.EpConfig) -> None:
    media = endpoint_config.medConfig
    assert media.ecOptions & pj.PJMEDIA_ECHO_ALGO_MASK == pj.PJMEDIA_ECHO_WEBRTC_AEC3
    assert media.noVad is True
    assert media.ecOptions & (pj.PJMEDIA_ECHO_USE_NOISE_SUPPRESSOR | pj.PJMEDIA_ECHO_USE_GAIN_CONTROLLER) == 0


def test_noise_suppression_and_gain_control_are_each_ones_own_wish() -> None:
    only_noise = settings.echo_options(noise_suppression=True, gain_control=False)
    only_gain = settings.echo_options(noise_suppression=False, gain_control=True)
    assert only_noise ^ settings.echo_options(noise_suppression=False, gain_control=False) == (
        pj.PJMEDIA_ECHO_USE_NOISE_SUPPRESSOR
    )
    assert only_gain & pj.PJMEDIA_ECHO_ALGO_MASK == pj.PJMEDIA_ECHO_WEBRTC_AEC3
    assert only_gain & pj.PJMEDIA_ECHO_USE_GAIN_CONTROLLER


def test_tls_is_new_enough_and_verified() -> None:
    config = settings.transport_config(LINE.ca_pem)
    tls = config.tlsConfig
    assert tls.proto == pj.PJ_SSL_SOCK_PROTO_TLS1_2 | pj.PJ_SSL_SOCK_PROTO_TLS1_3
    assert (tls.verifyServer, tls.verifyClient, tls.requireClientCert) == (True, True, True)
    assert (tls.CaBuf, tls.CaListFile) == (LINE.ca_pem, "")
    assert (tls.enableRenegotiation, config.port) == (False, 0)
    assert 0 < tls.msecTimeout <= 10_000


def test_tls_does_not_wait_for_acknowledgements() -> None:
    # What pjsua2 hands out lives only as long as the object that it is a part of.
    config = settings.transport_config("")
    options = config.tlsConfig.sockOptParams.sockOpts
    assert (options[0].level, options[0].optName) == (socket.IPPROTO_TCP, socket.TCP_NODELAY)


def test_a_dead_edge_is_noticed_within_half_a_minute() -> None:
    config = settings.transport_config("")
    options = {(one.level, one.optName) for one in config.tlsConfig.sockOptParams.sockOpts}
    assert (socket.SOL_SOCKET, socket.SO_KEEPALIVE) in options
    assert (socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT) in options


def test_lost_messages_of_a_call_are_made_good(account: pj.AccountConfig) -> None:
    call = account.callConfig
    assert (call.timerUse, call.timerMinSESec) == (pj.PJSUA_SIP_TIMER_OPTIONAL, 90)
    assert call.timerSessExpiresSec <= 600
    assert (call.prackUse, call.holdType) == (pj.PJSUA_100REL_OPTIONAL, pj.PJSUA_CALL_HOLD_TYPE_RFC3264)


def test_text_is_sent_twice_again_and_without_text_no_redundancy_is_read(account: pj.AccountConfig) -> None:
    assert account.textConfig.redundancyLevel == 0
    config = settings.account_config(dataclasses.replace(LINE, real_time_text=True), CREDENTIALS, EDGE, 7)
    assert config.textConfig.redundancyLevel == 2


def test_no_mailbox_is_asked_because_the_edge_tells() -> None:
    line = dataclasses.replace(LINE, message_waiting=True)
    config = settings.account_config(line, CREDENTIALS, EDGE, 7)
    assert config.mwiConfig.enabled is False


def test_media_is_srtp_or_nothing(account: pj.AccountConfig) -> None:
    media = account.mediaConfig
    assert (media.srtpUse, media.srtpSecureSignaling) == (pj.PJMEDIA_SRTP_MANDATORY, 1)
    assert list(media.srtpOpt.keyings) == [pj.PJMEDIA_SRTP_KEYING_SDES]


def test_the_strongest_suite_comes_first_and_short_tags_never(account: pj.AccountConfig) -> None:
    names = [suite.name for suite in account.mediaConfig.srtpOpt.cryptos]
    assert names[0] == "AEAD_AES_256_GCM"
    assert names[-1] == "AES_CM_128_HMAC_SHA1_80"
    assert not any(name.endswith(("_32", "_8")) for name in names)
    assert all(suite.flags == 0 and suite.key == "" for suite in account.mediaConfig.srtpOpt.cryptos)


def test_no_address_is_learned_or_offered(account: pj.AccountConfig) -> None:
    nat = account.natConfig
    assert (nat.iceEnabled, nat.turnEnabled, nat.udpKaIntervalSec) == (False, False, 0)
    assert (nat.sipStunUse, nat.mediaStunUse) == (pj.PJSUA_STUN_USE_DISABLED, pj.PJSUA_STUN_USE_DISABLED)
    assert (nat.contactRewriteUse, nat.viaRewriteUse, nat.sdpNatRewriteUse) == (0, 0, 0)


def test_ice_and_turn_are_used_where_the_manifest_says_so() -> None:
    line = dataclasses.replace(LINE, ice=True, stun=("stun.example.invalid:3478",), turn="turn.example.invalid:3478")
    config = settings.account_config(line, CREDENTIALS, EDGE, 7)
    nat = config.natConfig
    assert (nat.iceEnabled, nat.turnEnabled, nat.turnServer) == (True, True, "turn.example.invalid:3478")
    assert (nat.turnUserName, nat.turnPassword) == (CREDENTIALS.username, CREDENTIALS.password)
    assert nat.mediaStunUse == pj.PJSUA_STUN_USE_DEFAULT


def test_retries_are_ours_and_calls_outlive_the_registration(account: pj.AccountConfig) -> None:
    registration = account.regConfig
    assert (registration.retryIntervalSec, registration.firstRetryIntervalSec) == (0, 0)
    assert (registration.registerOnAdd, registration.disableRegOnModify) == (False, True)
    assert registration.dropCallsOnFail is False
    assert registration.timeoutSec == LINE.register_seconds


def test_the_line_goes_through_the_edge_by_tls(account: pj.AccountConfig) -> None:
    assert account.regConfig.registrarUri == "sip:example.invalid;transport=tls"
    assert list(account.sipConfig.proxies) == ["sip:edge.example.invalid:5061;transport=tls;lr"]
    assert account.sipConfig.transportId == 7
    assert settings.edge_uri(EdgeAddress("2001:db8::1", 5061, ())) == "sip:[2001:db8::1]:5061;transport=tls;lr"


def test_one_digest_credential_for_one_realm(account: pj.AccountConfig) -> None:
    (credential,) = account.sipConfig.authCreds
    assert (credential.scheme, credential.realm, credential.username) == ("digest", "example.invalid", "1:agent")


def test_an_engine_and_its_successor_are_the_same_instance() -> None:
    ours = settings.instance_id("sip:agent@example.invalid")
    assert ours == settings.instance_id("sip:agent@example.invalid")
    assert ours != settings.instance_id("sip:other@example.invalid")


def test_opus_is_mono_full_band_with_fec() -> None:
    opus = settings.opus_config(pj.CodecOpusConfig())
    assert (opus.sample_rate, opus.channel_cnt, opus.frm_ptime) == (48_000, 1, 20)
    assert opus.packet_loss > 0
