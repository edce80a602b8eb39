#include "tools/commands/commands.h"

#include "tools/decode.h"
#include "tools/decode_sniff.h"

#include <stdio.h>
#include <string.h>

enum { FILES_MAX = 100000 };

static void decode_capture(vw_decode *decode, vw_capture *capture, vw_decode_protocol protocol)
{
    vw_sniff *sniff = protocol == VW_DECODE_AUTO ? vw_sniff_open(capture) : NULL;
    vw_decode_protocol found = protocol;
    vw_datagram datagram;

    while (!vw_stop_requested() && ferror(stdout) == 0 &&
           (sniff != NULL ? vw_sniff_next(sniff, &datagram, &found)
                          : vw_capture_next(capture, &datagram))) {
        vw_decode_datagram(decode, found, &datagram);
    }
    vw_sniff_close(sniff);
    const vw_capture_counts *counts = vw_capture_counted(capture);

    decode->capture.frames += counts->frames;
    decode->capture.datagrams += counts->datagrams;
    decode->capture.fragments += counts->fragments;
    decode->capture.cut += counts->cut;
    decode->capture.other += counts->other;
}

static void decode_dbn(vw_decode *decode, vw_dbn_file *file)
{
    const vw_dbn_metadata *metadata = vw_dbn_file_metadata(file);
    const unsigned char *record;
    uint64_t index = 0;
    size_t size;

    if (metadata != NULL) {
        vw_decode_metadata(decode, metadata);
    }
    while (!vw_stop_requested() && ferror(stdout) == 0 &&
           (size = vw_dbn_file_next(file, &record)) > 0) {
        vw_decode_record(decode, metadata, index++, record, size);
    }
}

static vw_err decode_file(vw_decode *decode, const char *path, vw_decode_protocol protocol,
                          vw_error *error)
{
    vw_input *input = vw_input_open(path, error);
    const unsigned char *at;
    vw_err err;

    if (input == NULL) {
        return VW_ERR_DATA;
    }
    decode->files++;
    size_t size = vw_input_peek(input, 1024, &at);

    if (protocol == VW_DECODE_DBN ||
        (protocol == VW_DECODE_AUTO && !vw_capture_is(at, size) && vw_dbn_file_is(at, size))) {
        vw_dbn_file *file = vw_dbn_file_open(input, error);

        if (file == NULL) {
            return VW_ERR_DATA;
        }
        decode_dbn(decode, file);
        err = vw_dbn_file_error(file, error);
        vw_dbn_file_close(file);
        return err;
    }
    if (protocol == VW_DECODE_AUTO && !vw_capture_is(at, size)) {
        err = vw_input_error(input, error) != VW_OK
                  ? VW_ERR_DATA
                  : vw_fail(error, VW_ERR_DATA, "%s: expected pcap, pcapng or DBN",
                            vw_input_name(input));
        vw_input_close(input);
        return err;
    }
    vw_capture *capture = vw_capture_open(input, error);

    if (capture == NULL) {
        return VW_ERR_DATA;
    }
    decode_capture(decode, capture, protocol);
    err = vw_capture_error(capture, error);
    vw_capture_close(capture);
    return err;
}

static vw_err run(const vw_command *command, int argc, char **argv, vw_error *error)
{
    const char *protocol_text = "auto";
    bool summary = false, narrow = false, control_text = false;
    const vw_option options[] = {
        {"protocol", 'p', VW_OPTION_TEXT, &protocol_text, "NAME",
         "pitch, complex, cfe, au, opra, dbn or auto (default)", 0, 0},
        {"summary", 's', VW_OPTION_FLAG, &summary, NULL, "only the counts at the end", 0, 0},
        {"opra-narrow-offer", 0, VW_OPTION_FLAG, &narrow, NULL,
         "OPRA index values by bid and offer: an offer of 4 bytes, not 8", 0, 0},
        {"opra-control-text", 0, VW_OPTION_FLAG, &control_text, NULL,
         "OPRA before 6.2: control messages have text", 0, 0},
    };
    vw_arguments arguments;
    vw_err err = vw_options_parse(command, options, VW_COUNT_OF(options), FILES_MAX, argc, argv,
                                  &arguments, error);

    if (err != VW_OK || arguments.done) {
        return err;
    }
    vw_decode_protocol protocol = vw_decode_protocol_find(protocol_text);
    vw_decode decode;

    if (protocol == VW_DECODE_PROTOCOLS) {
        return vw_fail(error, VW_ERR_USAGE,
                       "--protocol %s: expected pitch, complex, cfe, au, opra, dbn or auto",
                       protocol_text);
    }
    if (arguments.count == 0) {
        return vw_fail(error, VW_ERR_USAGE, "no file; see vegawire decode --help");
    }
    vw_decode_begin(&decode, stdout);
    decode.summary_only = summary;
    decode.opra = (vw_opra_form){.control_has_text = control_text, .index_offer_narrow = narrow};
    for (int i = 0; i < arguments.count && err == VW_OK && !vw_stop_requested(); i++) {
        err = decode_file(&decode, arguments.list[i], protocol, error);
    }
    vw_decode_end(&decode);
    fflush(stdout);
    return err;
}

const vw_command vw_command_decode = {
    .name = "decode",
    .summary = "captures and DBN files as JSON lines, every field raw and scaled",
    .usage = "FILE...",
    .details =
        "FILE is a pcap, pcapng or DBN file, plain, gzip or zstd; - is standard input.\n"
        "One JSON object a line:\n"
        "  kind packet     packet (frame number), capture_ns, time, from, to, protocol, size,\n"
        "                  raw and value of the block header; malformed and bytes if it is\n"
        "  kind message    packet, index, unit, sequence (null: unsequenced), type, time and\n"
        "                  clock (by the block, or by the unit's clock where it has spoken),\n"
        "                  raw, value; OPRA quotes: best (what becomes of the national best:\n"
        "                  same, this, appendage, none)\n"
        "  kind metadata, mapping, record (index, type, raw, value): of a DBN file\n"
        "  kind malformed  packet or index, why, bytes\n"
        "  kind unit       at the end, per destination and unit: counts, types\n"
        "  kind summary    the last line: the counts of all, and of frames left out\n"
        "raw has every field as on the wire: numbers unscaled, text with its padding, reserved\n"
        "bytes and what trails the known fields in hex. value has the fields that mean\n"
        "something: prices with their exact decimals, text trimmed, times and dates in ISO 8601,\n"
        "null for what is marked as absent. Whole numbers beyond 2^63-1 are strings.\n"
        "Counts: gaps (jumps ahead), missed (messages never seen), late and duplicates (messages\n"
        "behind the sequence: they had been missing, or not), breaks (packets that do not go on\n"
        "where the one before ended), malformed, unknown, resets.",
    .run = run,
};
