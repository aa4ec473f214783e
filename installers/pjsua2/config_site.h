/* The compile-time settings of the desk's media core (pjproject 2.17).
 * Only what differs from PJSIP's own defaults, each with its reason. What can be set at run time is set by the engine.
 */

/* --- What may be logged ------------------------------------------------------------------------------------------ */

/* Level 5 prints SRTP keys, level 4 whole SIP messages (keys and telephone numbers), level 3 the other party's address
 * after each call. Compiled out, no setting and no mistake can bring them back. Level 1 still prints the text of a
 * packet that it cannot parse, so the engine may keep no text of PJSIP's, whatever the level. */
#define PJ_LOG_MAX_LEVEL 2

/* Freed pools held SIP passwords and media keys: overwrite them before the memory goes back. */
#define PJ_POOL_RELEASE_WIPE_DATA 1

/* --- Signalling --------------------------------------------------------------------------------------------------- */

/* PJSIP's own default offers TLS 1.0 and 1.1, and not 1.3. */
#define PJSIP_SSL_DEFAULT_PROTO (PJ_SSL_SOCK_PROTO_TLS1_2 | PJ_SSL_SOCK_PROTO_TLS1_3)

/* The desk only ever connects. Otherwise PJSIP's TCP and TLS transports listen on all addresses, where any neighbour
 * could make the desk ring, and no run-time setting stops them. */
#define PJSIP_TLS_TRANSPORT_DONT_CREATE_LISTENER 1
#define PJSIP_TCP_TRANSPORT_DONT_CREATE_LISTENER 1

/* Keep-alive takes three options, and how long data may wait unanswered a fourth, beside TCP_NODELAY. PJSIP keeps four and
 * drops the rest without a word. */
#define PJ_MAX_SOCKOPT_PARAMS 8

/* For TLS 1.2: forward secrecy and authenticated encryption only (RFC 9325). TLS 1.3 suites are not affected. */
#define PJ_SSL_SOCK_OSSL_CIPHERS "ECDHE+AESGCM:ECDHE+CHACHA20"

/* Home lines are often IPv6 with IPv4 behind carrier NAT. */
#define PJ_HAS_IPV6 1

/* Names are resolved by the operating system: answers to PJSIP's own resolver can be forged. */
#define PJSIP_HAS_RESOLVER 0

/* An INVITE with eight SRTP suites on two media lines, ICE candidates and an Identity header passes 4000 bytes. */
#define PJSIP_MAX_PKT_LEN 16000

/* RFC 8445, section 5.3, asks for 128 random bits in an ICE password. PJSIP writes 31 bits as eight characters. */
#define PJ_ICE_PWD_LEN 40

/* And the engine may read that SDP: beyond 1024 bytes, PJSIP would hand it an empty one. */
#define PJSUA2_MAX_SDP_BUF_LEN PJSIP_MAX_PKT_LEN

/* A Refer-To with an escaped Replaces (attended transfer) passes 256 bytes. */
#define PJSIP_MAX_URL_SIZE 1024

/* A session description has no more lines than the arrays that are made of it (CVE-2026-57162; the default is 68). */
#define PJMEDIA_MAX_SDP_ATTR 64

/* --- Calls and media ---------------------------------------------------------------------------------------------- */

/* A call that the other side holds without music sends nothing else, and the way through the home router closes (RFC 6263).
 * PJSIP leaves this out unless asked. */
#define PJMEDIA_STREAM_ENABLE_KA PJMEDIA_STREAM_KA_EMPTY_RTP

/* A desk has one call in hand and a few on hold; the rest is head room for supervisors and load tests. */
#define PJSUA_MAX_CALLS 32

/* The extra device, which rings, has no setting for its latency, and must be silent at once when the call is answered.
 * The number of the mixer's buffers follows from it and stays what it was. */
#define PJMEDIA_SND_DEFAULT_PLAY_LATENCY 40
#define PJMEDIA_SOUND_BUFFER_COUNT 8

/* RTP and RTCP for sound and text on every call, relays and signalling. Without worker threads the signalling queue
 * polls the media sockets as well, so both limits are the same. */
#define PJ_IOQUEUE_MAX_HANDLES 256
#define PJSIP_MAX_TRANSPORTS PJ_IOQUEUE_MAX_HANDLES

/* An account that nobody configured refuses plain RTP, and refuses SRTP whose keys would travel in the clear. */
#define PJSUA_DEFAULT_USE_SRTP PJMEDIA_SRTP_MANDATORY
#define PJSUA_DEFAULT_SRTP_SECURE_SIGNALING 1

/* AEAD suites (RFC 7714); PJSIP leaves them out unless asked. */
#define PJMEDIA_SRTP_HAS_AES_GCM_256 1
#define PJMEDIA_SRTP_HAS_AES_GCM_128 1

/* PJSIP names libsrtp's AES-GCM as libsrtp 1 did for an external library; libsrtp 2 has it without the suffix. */
#define srtp_aes_gcm_256_openssl srtp_aes_gcm_256
#define srtp_aes_gcm_128_openssl srtp_aes_gcm_128

/* --- What the desk does not use ----------------------------------------------------------------------------------- */

#define PJMEDIA_HAS_VIDEO 0

/* Presence cannot be left out of pjsua; without buddies it subscribes to nothing. One is the least that compiles. */
#define PJSUA_MAX_BUDDIES 1

/* Dialog-info documents (RFC 4235) would only be one more parser that a peer can reach. */
#define PJSUA_HAS_DLG_EVENT_PKG 0
