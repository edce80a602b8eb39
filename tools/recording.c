#include "tools/recording.h"

#include <stdlib.h>

struct vw_recording {
    vw_input *input; /* the capture's or the file's */
    vw_capture *capture;
    vw_sniff *sniff;
    vw_dbn_file *dbn;
    vw_decode_protocol protocol; /* as the user says, or AUTO */
    vw_packet packet;
    bool have;
    int64_t newest_ns;
};

vw_recording *vw_recording_open(const char *path, vw_decode_protocol protocol, vw_error *error)
{
    vw_input *input = vw_input_open(path, error);
    vw_recording *recording = calloc(1, sizeof *recording);
    const unsigned char *at;

    vw_check(recording != NULL);
    if (input == NULL) {
        free(recording);
        return NULL;
    }
    size_t size = vw_input_peek(input, 1024, &at);
    bool capture = vw_capture_is(at, size);

    recording->input = input;
    recording->protocol = protocol;
    if (protocol == VW_DECODE_DBN || (!capture && vw_dbn_file_is(at, size))) {
        recording->dbn = vw_dbn_file_open(input, error);
    } else if (capture) {
        recording->capture = vw_capture_open(input, error);
        recording->sniff = recording->capture != NULL ? vw_sniff_open(recording->capture) : NULL;
    } else {
        if (vw_input_error(input, error) == VW_OK) {
            vw_fail(error, VW_ERR_DATA, "%s: expected pcap, pcapng or DBN", vw_input_name(input));
        }
        vw_input_close(input);
    }
    if (recording->capture == NULL && recording->dbn == NULL) {
        free(recording);
        return NULL;
    }
    return recording;
}

/* received_ns returns a record's ts_recv, where its kind has one and it is there, else ts_event. */
static int64_t received_ns(const unsigned char *from, size_t size)
{
    vw_dbn_record record;
    uint64_t at = VW_DBN_TIME_NONE;

    if (vw_dbn_decode(from, size, &record) <= 0) {
        return 0;
    }
    switch (record.kind) {
    case VW_DBN_RECORD_MBO:
        at = record.mbo.ts_recv;
        break;
    case VW_DBN_RECORD_TRADE:
    case VW_DBN_RECORD_MBP1:
    case VW_DBN_RECORD_MBP10:
    case VW_DBN_RECORD_BBO:
    case VW_DBN_RECORD_CMBP1:
    case VW_DBN_RECORD_CBBO:
        at = record.trade.ts_recv; /* at the same place in all of them */
        break;
    case VW_DBN_RECORD_STATUS:
        at = record.status.ts_recv;
        break;
    case VW_DBN_RECORD_STATISTIC:
        at = record.statistic.ts_recv;
        break;
    case VW_DBN_RECORD_DEFINITION:
        at = record.definition.ts_recv;
        break;
    default:
        break;
    }
    at = at == 0 || at > (uint64_t)INT64_MAX ? record.head.ts_event : at;
    return at > (uint64_t)INT64_MAX ? 0 : (int64_t)at;
}

_Static_assert(offsetof(vw_dbn_wire_trade, ts_recv) == offsetof(vw_dbn_wire_mbp1, ts_recv) &&
                   offsetof(vw_dbn_wire_trade, ts_recv) == offsetof(vw_dbn_wire_mbp10, ts_recv) &&
                   offsetof(vw_dbn_wire_trade, ts_recv) == offsetof(vw_dbn_wire_bbo, ts_recv) &&
                   offsetof(vw_dbn_wire_trade, ts_recv) == offsetof(vw_dbn_wire_cmbp1, ts_recv) &&
                   offsetof(vw_dbn_wire_trade, ts_recv) == offsetof(vw_dbn_wire_cbbo, ts_recv),
               "received_ns reads it as a trade's");

static vw_packet packet_of(const vw_recording *recording, const vw_datagram *datagram,
                           vw_decode_protocol found)
{
    return (vw_packet){.payload = datagram->payload,
                       .size = datagram->size,
                       .at_ns = datagram->capture_ns,
                       .host = datagram->to_host,
                       .port = datagram->to_port,
                       .protocol =
                           recording->protocol == VW_DECODE_AUTO ? found : recording->protocol};
}

static bool read_packet(vw_recording *recording)
{
    vw_packet *packet = &recording->packet;

    if (recording->dbn != NULL) {
        *packet = (vw_packet){.protocol = VW_DECODE_DBN};
        packet->size = vw_dbn_file_next(recording->dbn, &packet->payload);
        packet->at_ns = packet->size > 0 ? received_ns(packet->payload, packet->size) : 0;
        return packet->size > 0;
    }
    vw_decode_protocol found;
    vw_datagram datagram;

    if (!vw_sniff_next(recording->sniff, &datagram, &found)) {
        return false;
    }
    *packet = packet_of(recording, &datagram, found);
    return true;
}

const vw_packet *vw_recording_peek(vw_recording *recording)
{
    if (!recording->have && read_packet(recording)) {
        int64_t *at_ns = &recording->packet.at_ns;

        recording->have = true;
        recording->newest_ns = *at_ns > recording->newest_ns ? *at_ns : recording->newest_ns;
        *at_ns = recording->newest_ns;
    }
    return recording->have ? &recording->packet : NULL;
}

void vw_recording_next(vw_recording *recording)
{
    recording->have = false;
}

bool vw_recording_ahead(const vw_recording *recording, size_t index, vw_packet *packet)
{
    vw_decode_protocol found;
    vw_datagram datagram;

    if (recording->sniff == NULL || !vw_sniff_ahead(recording->sniff, index, &datagram, &found)) {
        return false;
    }
    *packet = packet_of(recording, &datagram, found);
    return true;
}

const vw_dbn_metadata *vw_recording_metadata(const vw_recording *recording)
{
    return recording->dbn != NULL ? vw_dbn_file_metadata(recording->dbn) : NULL;
}

double vw_recording_share(const vw_recording *recording)
{
    return vw_input_share(recording->input);
}

vw_err vw_recording_error(const vw_recording *recording, vw_error *error)
{
    return recording->dbn != NULL ? vw_dbn_file_error(recording->dbn, error)
                                  : vw_capture_error(recording->capture, error);
}

const vw_capture_counts *vw_recording_counts(const vw_recording *recording)
{
    return recording->capture != NULL ? vw_capture_counted(recording->capture) : NULL;
}

bool vw_recording_is_dbn(const vw_recording *recording)
{
    return recording->dbn != NULL;
}

void vw_recording_close(vw_recording *recording)
{
    if (recording == NULL) {
        return;
    }
    vw_sniff_close(recording->sniff);
    vw_capture_close(recording->capture);
    vw_dbn_file_close(recording->dbn);
    free(recording);
}
