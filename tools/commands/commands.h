/* commands.h: every subcommand there is, one line each; tools/main.c makes the table. */
#ifndef VW_TOOLS_COMMANDS_COMMANDS_H
#define VW_TOOLS_COMMANDS_COMMANDS_H

#include "tools/command.h"

extern const vw_command vw_command_bench;
extern const vw_command vw_command_check;
extern const vw_command vw_command_control;
extern const vw_command vw_command_demo;
extern const vw_command vw_command_fit;
extern const vw_command vw_command_hedge;
extern const vw_command vw_command_iv;
extern const vw_command vw_command_price;
extern const vw_command vw_command_run;
extern const vw_command vw_command_decode;
extern const vw_command vw_command_replay;
extern const vw_command vw_command_sub;
extern const vw_command vw_command_sim;
extern const vw_command vw_command_version;
extern const vw_command vw_command_watch;
extern const vw_command vw_command_vix;

#endif
