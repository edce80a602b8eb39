/* command.h: a subcommand of vegawire, and the options all of them share.
 *
 * Each command is one file in tools/commands/ that defines a vw_command; tools/main.c lists them.
 * --help, --version and --isa are everyone's and handled here.  Machine output goes to stdout,
 * everything else to stderr; the vw_err a command returns is the exit code.
 *
 * Threads  the main thread. */
#ifndef VW_TOOLS_COMMAND_H
#define VW_TOOLS_COMMAND_H

#include "core/base/error.h"
#include "core/pricing/kernels.h"

typedef struct vw_command {
    const char *name;    /* "price" */
    const char *summary; /* one line for `vegawire --help` */
    const char *usage;   /* arguments, "[FILE]" */
    const char *details; /* paragraphs printed after the options in --help; may be NULL */
    vw_err (*run)(const struct vw_command *command, int argc, char **argv, vw_error *error);
} vw_command;

typedef enum vw_option_kind {
    VW_OPTION_FLAG,   /* bool *; no argument */
    VW_OPTION_TEXT,   /* const char ** */
    VW_OPTION_TEXTS,  /* vw_texts *; may be given several times */
    VW_OPTION_WHOLE,  /* int64_t *, in [min, max] */
    VW_OPTION_NUMBER, /* double *, in [min, max], finite */
} vw_option_kind;

#define VW_TEXTS_MAX 8

typedef struct vw_texts {
    const char *list[VW_TEXTS_MAX];
    size_t count;
} vw_texts;

typedef struct vw_option {
    const char *name; /* without "--" */
    char letter;      /* short form, or 0 */
    vw_option_kind kind;
    void *value;          /* set if the option is given; holds the default before */
    const char *argument; /* "SECONDS"; NULL for flags */
    const char *help;
    double min, max; /* range of WHOLE and NUMBER; both 0: any */
} vw_option;

/* What vw_options_parse found beside the options. */
typedef struct vw_arguments {
    char **list; /* positional, in order */
    int count;
    bool done;                 /* --help or --version was answered: return VW_OK */
    const vw_kernels *kernels; /* by --isa, else the widest here */
    bool isa_given;            /* --isa was there, in full or shortened */
} vw_arguments;

/* vw_options_parse reads argv[1..] (argv[0] is the command's name) strictly: unknown options,
 * missing arguments, values out of range are VW_ERR_USAGE, naming option, value and range.
 * Positional arguments beyond positional_max likewise. */
vw_err vw_options_parse(const vw_command *command, const vw_option *options, size_t count,
                        int positional_max, int argc, char **argv, vw_arguments *arguments,
                        vw_error *error);

/* vw_stop_install makes SIGINT and SIGTERM ask for a clean end and SIGPIPE be ignored;
 * vw_stop_requested says whether one came. */
void vw_stop_install(void);
bool vw_stop_requested(void);

#endif
