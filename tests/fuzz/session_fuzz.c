/* Any bytes from clients of the simulated exchange's recovery servers, at any time. */
#include "feeds/sim_session.h"
#include "tests/fuzz/fuzz_file.h"
#include "tests/fuzz/fuzz_packets.h"

static vw_sim *sim;
static int64_t now_ns = INT64_C(1800000000) * VW_NS_PER_SECOND;

static void nowhere(void *self, size_t channel, size_t line, const void *packet, size_t size,
                    int64_t at_ns)
{
    (void)self, (void)channel, (void)line, (void)at_ns;
    vw_check(packet != NULL && size >= sizeof(vw_wire_block) && size <= VW_PITCH_BLOCK_MAX);
}

/* An exchange of four options, which has been open for a second. */
static void open_exchange(void)
{
    static const char text[] = "# SPX quote_time_ET=2026-07-21 16:14:59 spot=7509.25\n"
                               "expiry,root,strike,c_bid,c_ask,p_bid,p_ask\n"
                               "2026-07-31,SPXW,7400,161.2,163.1,46.7,47.8\n"
                               "2026-07-31,SPXW,7450,126.4,128.2,61.8,62.9\n"
                               "2026-07-31,SPXW,7500,95.1,96.3,80.2,81.4\n"
                               "2026-07-31,SPXW,7550,67.9,69.2,102.7,104.5\n"
                               "2026-07-31,SPXW,7600,45.3,46.4,129.8,131.9\n";
    vw_sim_config config = vw_sim_defaults();
    vw_error error = {""};
    vw_chain chain;

    vw_check(vw_chain_read(fuzz_file((const uint8_t *)text, sizeof text - 1), NULL, &chain,
                           &error) == VW_OK);
    config.chains = &chain;
    config.chain_count = 1;
    config.option_units = 2;
    config.reannounce_ns = VW_NS_PER_SECOND;
    config.sink = nowhere;
    vw_check(vw_sim_open(&config, &sim, &error) == VW_OK);
    vw_chain_free(&chain);
    for (int ms = 0; ms < 1000; ms++) {
        now_ns += VW_NS_PER_MS;
        vw_sim_poll(sim, now_ns);
    }
}

/* What a session says is whole blocks of whole messages. */
static void check_out(vw_sim_session *session)
{
    size_t at = 0;

    while (at < session->out_size) {
        vw_wire_block block;
        int used = vw_recovery_block(session->out + at, session->out_size - at, &block);

        vw_check(used > 0 && block.sequence == 0);
        at += (size_t)used;
    }
    session->out_size = session->out_sent = 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    vw_sim_session *sessions[4] = {NULL};
    fuzz_packet packet = {.now_ns = 0};

    if (sim == NULL) {
        open_exchange();
    }
    vw_sim_recovery *recovery = vw_sim_recovery_of(sim);

    packet.now_ns = now_ns;
    while (fuzz_next(&data, &size, &packet)) {
        unsigned head = (packet.payload - FUZZ_HEAD)[0];
        size_t which = packet.line | packet.channel << 1;

        recovery->refuse = head >> 2 & 0x3F & ~(unsigned)VW_SIM_REFUSE_SILENTLY;
        if (sessions[which] == NULL) {
            sessions[which] = vw_sim_session_begin(recovery, (vw_sim_server)packet.line,
                                                   packet.channel, packet.now_ns);
            vw_check(sessions[which] != NULL);
        }
        if (!vw_sim_session_take(recovery, sessions[which], packet.payload, packet.size,
                                 packet.now_ns) ||
            !vw_sim_session_idle(recovery, sessions[which], packet.now_ns)) {
            vw_sim_session_end(sessions[which]);
            sessions[which] = NULL;
        } else {
            check_out(sessions[which]);
        }
    }
    for (size_t i = 0; i < 4; i++) {
        if (sessions[i] != NULL) {
            vw_sim_session_end(sessions[i]);
        }
    }
    return 0;
}
