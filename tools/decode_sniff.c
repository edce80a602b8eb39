#include "tools/decode_sniff.h"

#include "feeds/au_wire.h"
#include "feeds/cfe_wire.h"
#include "feeds/pitch.h"
#include "feeds/top_wire.h"

#include <stdlib.h>
#include <string.h>

enum { COMPLEX_UNIT = 33, OPRA_VERSION_MIN = 3, OPRA_VERSION_MAX = 9 };

typedef struct flow {
    uint32_t host;
    uint16_t port;
    uint64_t votes[VW_DECODE_PROTOCOLS];
} flow;

struct vw_sniff {
    vw_capture *capture;
    flow flows[VW_SNIFF_FLOWS];
    size_t flow_count;
    uint64_t votes[VW_DECODE_PROTOCOLS];
    vw_datagram *ahead;
    unsigned char *bytes; /* the payloads of ahead */
    size_t ahead_count, ahead_at, bytes_used;
};

/* hint_of_type says whose message this is, by type and length; AUTO: of several. */
static vw_decode_protocol hint_of_type(uint8_t length, uint8_t type)
{
    switch (type) {
    case VW_PITCH_ADD_LONG:
        return length == sizeof(vw_wire_add_long) ? VW_DECODE_CFE : VW_DECODE_PITCH;
    case VW_PITCH_ADD_SHORT:
        return length == sizeof(vw_wire_add_short) ? VW_DECODE_CFE : VW_DECODE_PITCH;
    case VW_PITCH_MODIFY_LONG:
        return length == sizeof(vw_wire_modify_long) ? VW_DECODE_CFE : VW_DECODE_PITCH;
    case VW_PITCH_MODIFY_SHORT:
        return length == sizeof(vw_wire_modify_short) ? VW_DECODE_CFE : VW_DECODE_PITCH;
    case VW_PITCH_SETTLEMENT:
    case VW_PITCH_DAY_SUMMARY:
    case VW_PITCH_FUTURE:
    case VW_PITCH_PRICE_LIMITS:
    case VW_PITCH_OPEN_INTEREST:
    case VW_PITCH_VARIANCE:
    case VW_TOP_SNAPSHOT_SHORT:
    case VW_TOP_SNAPSHOT_LONG:
    case VW_TOP_ONE_SIDE_SHORT:
    case VW_TOP_ONE_SIDE_LONG:
    case VW_TOP_TWO_SIDES_SHORT:
    case VW_TOP_TWO_SIDES_LONG:
        return VW_DECODE_CFE;
    case VW_PITCH_MAPPING:
    case VW_PITCH_ADD_EXPANDED:
    case VW_PITCH_TRADE_EXPANDED:
    case VW_PITCH_EXECUTED_AT:
    case VW_PITCH_AUCTION_UPDATE:
    case VW_PITCH_AUCTION_SUMMARY:
    case VW_PITCH_WIDTH_UPDATE:
    case VW_PITCH_STRIKE_RANGE:
    case VW_PITCH_CONSTITUENT:
    case VW_TOP_ONE_SIDE_C1_SHORT:
    case VW_TOP_ONE_SIDE_C1_LONG:
    case VW_TOP_TWO_SIDES_C1_SHORT:
    case VW_TOP_TWO_SIDES_C1_LONG:
        return VW_DECODE_PITCH;
    case VW_PITCH_COMPLEX_DEFINITION:
    case VW_PITCH_AUCTION_NOTIFICATION:
    case VW_PITCH_AUCTION_CANCEL:
    case VW_PITCH_AUCTION_TRADE:
        return VW_DECODE_COMPLEX;
    case VW_AU_ADD:
        return length >= sizeof(vw_au_wire_add) ? VW_DECODE_AU : VW_DECODE_AUTO;
    case VW_AU_EXECUTED:
        return length >= sizeof(vw_au_wire_executed) ? VW_DECODE_AU : VW_DECODE_AUTO;
    case VW_AU_REDUCE:
        return length >= sizeof(vw_au_wire_reduce) ? VW_DECODE_AU : VW_DECODE_AUTO;
    case VW_AU_MODIFY:
        return length >= sizeof(vw_au_wire_modify) ? VW_DECODE_AU : VW_DECODE_AUTO;
    case VW_AU_DELETE:
        return length >= sizeof(vw_au_wire_delete) ? VW_DECODE_AU : VW_DECODE_AUTO;
    case VW_AU_CALCULATED:
        return length >= sizeof(vw_au_wire_calculated) ? VW_DECODE_AU : VW_DECODE_AUTO;
    default:
        return VW_DECODE_AUTO;
    }
}

static bool is_cfe_group(uint32_t host)
{
    static const uint32_t groups[] = {0xE0008384, 0xE0008385, 0xE9827C84, /* 224.0.131.132 .. */
                                      0xE9827C85, 0xE9B6C700, 0xE9B6C701};

    for (size_t i = 0; i < VW_COUNT_OF(groups); i++) {
        if (host == groups[i]) {
            return true;
        }
    }
    return false;
}

static bool is_opra(const vw_datagram *datagram)
{
    vw_opra_block block;
    vw_opra_verdict verdict = vw_opra_block_read(datagram->payload, datagram->size, &block);

    return verdict == VW_OPRA_BLOCK_OK ||
           (verdict == VW_OPRA_BLOCK_CHECKSUM && block.size == datagram->size &&
            block.version >= OPRA_VERSION_MIN && block.version <= OPRA_VERSION_MAX);
}

vw_decode_protocol vw_sniff_hint(const vw_datagram *datagram)
{
    vw_decode_protocol best = is_cfe_group(datagram->to_host) ? VW_DECODE_CFE : VW_DECODE_AUTO;
    vw_wire_block block;

    if (is_opra(datagram)) {
        return VW_DECODE_OPRA;
    }
    if (!vw_pitch_block(datagram->payload, datagram->size, &block)) {
        return VW_DECODE_AUTO;
    }
    const unsigned char *at = datagram->payload + sizeof block;
    size_t left = block.length - sizeof block;

    for (unsigned i = 0; i < block.count && left >= 2 && at[0] >= 2 && at[0] <= left; i++) {
        vw_decode_protocol hint = hint_of_type(at[0], at[1]);

        if (hint > best) {
            best = hint; /* the more special one */
        }
        left -= at[0];
        at += at[0];
    }
    bool may_be_complex = best == VW_DECODE_PITCH || best == VW_DECODE_AUTO;

    return may_be_complex && block.unit == COMPLEX_UNIT ? VW_DECODE_COMPLEX : best;
}

static const flow *look_up(const vw_sniff *sniff, const vw_datagram *datagram)
{
    for (size_t i = 0; i < sniff->flow_count; i++) {
        if (sniff->flows[i].host == datagram->to_host &&
            sniff->flows[i].port == datagram->to_port) {
            return &sniff->flows[i];
        }
    }
    return NULL;
}

/* find_flow returns the flow of a datagram, made if it is new, or NULL: there is no room. */
static flow *find_flow(vw_sniff *sniff, const vw_datagram *datagram)
{
    const flow *known = look_up(sniff, datagram);

    if (known != NULL) {
        return &sniff->flows[known - sniff->flows];
    }
    if (sniff->flow_count == VW_SNIFF_FLOWS) {
        return NULL;
    }
    flow *made = &sniff->flows[sniff->flow_count++];

    *made = (flow){.host = datagram->to_host, .port = datagram->to_port};
    return made;
}

static void vote(vw_sniff *sniff, const vw_datagram *datagram)
{
    flow *of = find_flow(sniff, datagram);
    vw_decode_protocol hint = vw_sniff_hint(datagram);

    if (of != NULL) {
        of->votes[hint]++;
    }
    sniff->votes[hint]++;
}

/* choose returns what has the votes; one for the complex book tells it from the simple one. */
static vw_decode_protocol choose(const uint64_t votes[VW_DECODE_PROTOCOLS])
{
    unsigned best = VW_DECODE_AUTO;

    for (unsigned i = VW_DECODE_PITCH; i < VW_DECODE_PROTOCOLS; i++) {
        if (votes[i] > (best == VW_DECODE_AUTO ? 0 : votes[best])) {
            best = i;
        }
    }
    return best == VW_DECODE_PITCH && votes[VW_DECODE_COMPLEX] > 0 ? VW_DECODE_COMPLEX
                                                                   : (vw_decode_protocol)best;
}

vw_sniff *vw_sniff_open(vw_capture *capture)
{
    vw_sniff *sniff = calloc(1, sizeof *sniff);
    vw_datagram datagram;

    vw_check(sniff != NULL);
    sniff->capture = capture;
    sniff->ahead = calloc(VW_SNIFF_DATAGRAMS, sizeof *sniff->ahead);
    sniff->bytes = malloc(VW_SNIFF_BYTES + UINT16_MAX);
    vw_check(sniff->ahead != NULL && sniff->bytes != NULL);
    while (sniff->ahead_count < VW_SNIFF_DATAGRAMS && sniff->bytes_used < VW_SNIFF_BYTES &&
           vw_capture_next(capture, &datagram)) {
        unsigned char *to = sniff->bytes + sniff->bytes_used;

        memcpy(to, datagram.payload, datagram.size);
        datagram.payload = to;
        sniff->bytes_used += datagram.size;
        sniff->ahead[sniff->ahead_count++] = datagram;
        vote(sniff, &datagram);
    }
    return sniff;
}

/* judge returns the protocol of a datagram by all votes so far. */
static vw_decode_protocol judge(const vw_sniff *sniff, const vw_datagram *datagram)
{
    const flow *of = look_up(sniff, datagram);
    vw_decode_protocol protocol = of != NULL ? choose(of->votes) : vw_sniff_hint(datagram);

    if (protocol == VW_DECODE_AUTO) {
        protocol = choose(sniff->votes);
    }
    return protocol == VW_DECODE_AUTO ? VW_DECODE_PITCH : protocol;
}

bool vw_sniff_next(vw_sniff *sniff, vw_datagram *datagram, vw_decode_protocol *protocol)
{
    if (sniff->ahead_at < sniff->ahead_count) {
        *datagram = sniff->ahead[sniff->ahead_at++];
    } else if (vw_capture_next(sniff->capture, datagram)) {
        vote(sniff, datagram);
    } else {
        return false;
    }
    *protocol = judge(sniff, datagram);
    return true;
}

bool vw_sniff_ahead(const vw_sniff *sniff, size_t index, vw_datagram *datagram,
                    vw_decode_protocol *protocol)
{
    if (index >= sniff->ahead_count) {
        return false;
    }
    *datagram = sniff->ahead[index];
    *protocol = judge(sniff, datagram);
    return true;
}

void vw_sniff_close(vw_sniff *sniff)
{
    if (sniff != NULL) {
        free(sniff->ahead);
        free(sniff->bytes);
        free(sniff);
    }
}
