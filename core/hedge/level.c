#include "core/hedge/turn.h"

static void change(vw_level_machine *machine, uint8_t level, int64_t at_ns)
{
    if (machine->level == 3 && level != 3) {
        machine->closes = 0;
        machine->by_closes = false;
    }
    if (machine->level != level) {
        machine->level = level;
        machine->since_ns = at_ns;
    }
}

/* Lets market time pass with VIX as it last stood. */
static void pass_time(vw_level_machine *machine, const vw_hedge_settings *set, int64_t now_ns)
{
    int64_t passed_ns = now_ns - machine->last_ns;

    if (machine->live && passed_ns > 0 && machine->vix >= set->e3_vix) {
        int64_t left_ns = set->e3_dwell_ns - machine->above_ns;

        machine->above_ns += passed_ns;
        if (passed_ns >= left_ns && machine->level != 3) {
            change(machine, 3, machine->last_ns + (left_ns > 0 ? left_ns : 0));
        }
    }
}

static uint8_t next_level(const vw_level_machine *machine, const vw_hedge_settings *set, double vix)
{
    if (machine->by_closes && vix >= set->e3_leave_vix) {
        return 3;
    }
    switch (machine->level) {
    case 3:
        return vix >= set->e3_leave_vix ? 3 : vix >= set->e2_leave_vix ? 2 : 1;
    case 2:
        return vix >= set->e2_leave_vix ? 2 : 1;
    default:
        return vix >= set->e2_vix ? 2 : 1;
    }
}

void vw_level_update(vw_level_machine *machine, const vw_hedge_settings *set, double vix, bool live,
                     int64_t now_ns)
{
    pass_time(machine, set, now_ns);
    if (live) {
        change(machine, next_level(machine, set, vix), now_ns);
        if (vix < set->e3_vix) {
            machine->above_ns = 0;
        }
        machine->vix = vix;
    }
    machine->live = live;
    if (now_ns > machine->last_ns) {
        machine->last_ns = now_ns;
    }
}

void vw_level_close(vw_level_machine *machine, const vw_hedge_settings *set, double vix)
{
    machine->closes = vix >= set->e3_close_vix ? machine->closes + 1 : 0;
    machine->by_closes |= machine->closes >= set->e3_closes;
    if (vix < set->e3_leave_vix) {
        machine->by_closes = false;
    }
}
