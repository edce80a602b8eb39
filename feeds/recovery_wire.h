/* recovery_wire.h: Cboe gap request proxy and spin server as bytes: login, gap, image, definitions.
 *
 * Over TCP, in blocks with the header of multicast PITCH and sequence 0; an empty block is a
 * heartbeat.  What the proxy replays comes on a multicast group of its own; an image's orders come
 * on the connection, between spin response and spin finished.
 *
 * Units    sequences are of the block header's unit; text left justified, space padded.
 * Source   Cboe US options multicast PITCH 2.41.66, CFE PITCH 1.2.8; section 6 of our notes. */
#ifndef VW_FEEDS_RECOVERY_WIRE_H
#define VW_FEEDS_RECOVERY_WIRE_H

#include "feeds/pitch_wire.h"

/* ---- 6. recovery ---------------------------------------------------------------------------- */

typedef enum vw_recovery_type {
    VW_RECOVERY_OTHER = 0, /* a message of PITCH: part of an image */
    VW_RECOVERY_LOGIN = 0x01,
    VW_RECOVERY_LOGIN_RESPONSE = 0x02,
    VW_RECOVERY_GAP_REQUEST = 0x03,
    VW_RECOVERY_GAP_RESPONSE = 0x04,
    VW_RECOVERY_IMAGE_AVAILABLE = 0x80,
    VW_RECOVERY_SPIN_REQUEST = 0x81,
    VW_RECOVERY_SPIN_RESPONSE = 0x82,
    VW_RECOVERY_SPIN_FINISHED = 0x83,
    VW_RECOVERY_DEFINITION_REQUEST = 0x84,
    VW_RECOVERY_DEFINITION_RESPONSE = 0x85,
} vw_recovery_type;

typedef struct VW_PACKED vw_wire_login {
    vw_wire_head head;
    char session[4];
    char user[4];
    char filler[2];
    char password[10];
} vw_wire_login;
_Static_assert(sizeof(vw_wire_login) == 22, "6 Login");

typedef struct VW_PACKED vw_wire_login_response {
    vw_wire_head head;
    char status; /* A accepted, N not authorized, B session in use, S invalid session */
} vw_wire_login_response;
_Static_assert(sizeof(vw_wire_login_response) == 3, "6 Login Response");

typedef struct VW_PACKED vw_wire_gap_request {
    vw_wire_head head;
    uint8_t unit;
    uint32_t sequence; /* of the first message missed */
    uint16_t count;
} vw_wire_gap_request;
_Static_assert(sizeof(vw_wire_gap_request) == 9, "6 Gap Request");

typedef struct VW_PACKED vw_wire_gap_response {
    vw_wire_head head;
    uint8_t unit;
    uint32_t sequence;
    uint16_t count;
    char status; /* A accepted; O out of range; D, M, S daily, minute, second quota; C count too
                    large; I invalid unit; U unit unavailable */
} vw_wire_gap_response;
_Static_assert(sizeof(vw_wire_gap_response) == 10, "6 Gap Response");

/* Image available, spin request, spin finished, definition request. */
typedef struct VW_PACKED vw_wire_spin {
    vw_wire_head head;
    uint32_t sequence; /* the image has all messages up to and including this one */
} vw_wire_spin;
_Static_assert(sizeof(vw_wire_spin) == 6, "6 Spin Image Available, Request, Finished");

/* Spin response, definition response. */
typedef struct VW_PACKED vw_wire_spin_response {
    vw_wire_head head;
    uint32_t sequence;
    uint32_t count; /* orders, or definitions, that follow */
    char status;    /* A accepted, O out of range, S spin already in process */
} vw_wire_spin_response;
_Static_assert(sizeof(vw_wire_spin_response) == 11, "6 Spin Response");

#endif
