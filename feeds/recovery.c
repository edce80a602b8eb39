#include "feeds/recovery.h"

#include "core/base/bytes.h"
#include "feeds/pitch_text.h"

#include <string.h>

static size_t size_of(uint8_t type)
{
    switch (type) {
    case VW_RECOVERY_LOGIN:
        return sizeof(vw_wire_login);
    case VW_RECOVERY_LOGIN_RESPONSE:
        return sizeof(vw_wire_login_response);
    case VW_RECOVERY_GAP_REQUEST:
        return sizeof(vw_wire_gap_request);
    case VW_RECOVERY_GAP_RESPONSE:
        return sizeof(vw_wire_gap_response);
    case VW_RECOVERY_IMAGE_AVAILABLE:
    case VW_RECOVERY_SPIN_REQUEST:
    case VW_RECOVERY_SPIN_FINISHED:
    case VW_RECOVERY_DEFINITION_REQUEST:
        return sizeof(vw_wire_spin);
    case VW_RECOVERY_SPIN_RESPONSE:
    case VW_RECOVERY_DEFINITION_RESPONSE:
        return sizeof(vw_wire_spin_response);
    default:
        return 0;
    }
}

static void decode_login(const unsigned char *from, vw_recovery_login *login)
{
    vw_wire_login wire;

    memcpy(&wire, from, sizeof wire);
    vw_text_trim(login->session, wire.session, sizeof wire.session);
    vw_text_trim(login->user, wire.user, sizeof wire.user);
    vw_text_trim(login->password, wire.password, sizeof wire.password);
}

static void decode_gap(const unsigned char *from, bool response, vw_recovery_message *message)
{
    vw_wire_gap_response wire = {.status = 0};

    memcpy(&wire, from, response ? sizeof wire : sizeof(vw_wire_gap_request));
    message->unit = wire.unit;
    message->sequence = wire.sequence;
    message->count = wire.count;
    message->status = wire.status;
}

static void decode_spin(const unsigned char *from, bool response, vw_recovery_message *message)
{
    vw_wire_spin_response wire = {.status = 0};

    memcpy(&wire, from, response ? sizeof wire : sizeof(vw_wire_spin));
    message->sequence = wire.sequence;
    message->count = wire.count;
    message->status = wire.status;
}

int vw_recovery_decode(const unsigned char *from, size_t size, vw_recovery_message *message)
{
    *message = (vw_recovery_message){.type = VW_RECOVERY_OTHER};
    if (size < sizeof(vw_wire_head)) {
        return VW_PITCH_MORE;
    }
    uint8_t length = from[0], type = from[1];

    if (length < sizeof(vw_wire_head) || length < size_of(type)) {
        return VW_PITCH_MALFORMED;
    }
    if (length > size) {
        return VW_PITCH_MORE;
    }
    if (size_of(type) == 0) {
        return length;
    }
    message->type = (vw_recovery_type)type;
    switch (message->type) {
    case VW_RECOVERY_LOGIN:
        decode_login(from, &message->login);
        break;
    case VW_RECOVERY_LOGIN_RESPONSE:
        message->status = (char)from[offsetof(vw_wire_login_response, status)];
        break;
    case VW_RECOVERY_GAP_REQUEST:
    case VW_RECOVERY_GAP_RESPONSE:
        decode_gap(from, type == VW_RECOVERY_GAP_RESPONSE, message);
        break;
    default:
        decode_spin(from, size_of(type) == sizeof(vw_wire_spin_response), message);
    }
    return length;
}

static void encode_login(const vw_recovery_login *login, unsigned char *to)
{
    vw_wire_login wire;

    memset(&wire, ' ', sizeof wire);
    vw_text_pad(wire.session, login->session, sizeof wire.session);
    vw_text_pad(wire.user, login->user, sizeof wire.user);
    vw_text_pad(wire.password, login->password, sizeof wire.password);
    memcpy(to, &wire, sizeof wire);
}

size_t vw_recovery_encode(const vw_recovery_message *message, unsigned char *to)
{
    uint8_t type = (uint8_t)message->type;
    size_t size = size_of(type);

    switch (message->type) {
    case VW_RECOVERY_OTHER:
        return 0;
    case VW_RECOVERY_LOGIN:
        encode_login(&message->login, to);
        break;
    case VW_RECOVERY_LOGIN_RESPONSE:
        to[offsetof(vw_wire_login_response, status)] = (unsigned char)message->status;
        break;
    case VW_RECOVERY_GAP_REQUEST:
    case VW_RECOVERY_GAP_RESPONSE:
        if (message->count > UINT16_MAX) {
            return 0;
        }
        memcpy(to,
               &(vw_wire_gap_response){.unit = message->unit,
                                       .sequence = message->sequence,
                                       .count = (uint16_t)message->count,
                                       .status = message->status},
               size);
        break;
    default:
        memcpy(to,
               &(vw_wire_spin_response){.sequence = message->sequence,
                                        .count = message->count,
                                        .status = message->status},
               size);
    }
    to[0] = (unsigned char)size;
    to[1] = type;
    return size;
}

int vw_recovery_block(const unsigned char *from, size_t size, vw_wire_block *block)
{
    if (size < sizeof *block) {
        return VW_PITCH_MORE;
    }
    memcpy(block, from, sizeof *block);
    if (block->length < sizeof *block) {
        return VW_PITCH_MALFORMED;
    }
    return block->length <= size ? block->length : VW_PITCH_MORE;
}

size_t vw_recovery_pack(const vw_recovery_message *message, uint8_t unit, unsigned char *to)
{
    unsigned char bytes[VW_RECOVERY_MESSAGE_MAX];
    vw_pitch_writer writer;

    vw_pitch_begin(&writer, to, VW_RECOVERY_PACKED_MAX, unit, 0);
    if (message != NULL) {
        bool fits = vw_pitch_add(&writer, bytes, vw_recovery_encode(message, bytes));

        vw_check(fits && writer.head.count == 1);
    }
    return vw_pitch_end(&writer);
}
