#include "tools/command.h"

#include "revision.h"

#include <getopt.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { OPTIONS_MAX = 40, OPTION_HELP = 1000, OPTION_VERSION, OPTION_ISA, OPTION_FIRST };

static volatile sig_atomic_t stop_requested;

static void on_signal(int number)
{
    (void)number;
    stop_requested = 1;
}

void vw_stop_install(void)
{
    struct sigaction action = {.sa_handler = on_signal};

    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    action.sa_handler = SIG_IGN;
    sigaction(SIGPIPE, &action, NULL);
}

bool vw_stop_requested(void)
{
    return stop_requested != 0;
}

static void print_option(const vw_option *option)
{
    char left[64];

    snprintf(left, sizeof left, "%s%c%s--%s%s%s", option->letter ? "-" : "",
             option->letter ? option->letter : ' ', option->letter ? ", " : "   ", option->name,
             option->argument != NULL ? " " : "", option->argument != NULL ? option->argument : "");
    printf("  %-28s %s\n", left, option->help);
}

static void print_help(const vw_command *command, const vw_option *options, size_t count)
{
    static const vw_option common[] = {
        {.name = "isa", .argument = "NAME", .help = "kernels: avx512, avx2, baseline"},
        {.name = "help", .letter = 'h', .help = "this text"},
        {.name = "version", .help = "revision, schema, instruction set"},
    };

    printf("vegawire %s: %s\n\nusage: vegawire %s [options] %s\n\n", command->name,
           command->summary, command->name, command->usage);
    for (size_t i = 0; i < count; i++) {
        print_option(&options[i]);
    }
    for (size_t i = 0; i < VW_COUNT_OF(common); i++) {
        print_option(&common[i]);
    }
    if (command->details != NULL) {
        printf("\n%s\n", command->details);
    }
}

static vw_err number_error(const vw_option *option, const char *text, vw_error *error)
{
    if (option->min == 0 && option->max == 0) {
        return vw_fail(error, VW_ERR_USAGE, "--%s %s: not a number", option->name, text);
    }
    return vw_fail(error, VW_ERR_USAGE, "--%s %s: expected a %s in [%g, %g]", option->name, text,
                   option->kind == VW_OPTION_WHOLE ? "whole number" : "number", option->min,
                   option->max);
}

static bool in_range(const vw_option *option, double value)
{
    bool any = option->min == 0 && option->max == 0;

    return isfinite(value) && (any || (value >= option->min && value <= option->max));
}

static vw_err set_option(const vw_option *option, const char *text, vw_error *error)
{
    char *end = NULL;

    switch (option->kind) {
    case VW_OPTION_FLAG:
        *(bool *)option->value = true;
        return VW_OK;
    case VW_OPTION_TEXT:
        *(const char **)option->value = text;
        return VW_OK;
    case VW_OPTION_TEXTS: {
        vw_texts *texts = option->value;

        if (texts->count == VW_TEXTS_MAX) {
            return vw_fail(error, VW_ERR_USAGE, "--%s %s: given more than %d times", option->name,
                           text, VW_TEXTS_MAX);
        }
        texts->list[texts->count++] = text;
        return VW_OK;
    }
    case VW_OPTION_WHOLE: {
        long long value = strtoll(text, &end, 10);

        if (end == text || *end != '\0' || !in_range(option, (double)value)) {
            return number_error(option, text, error);
        }
        *(int64_t *)option->value = value;
        return VW_OK;
    }
    case VW_OPTION_NUMBER: {
        double value = strtod(text, &end);

        if (end == text || *end != '\0' || !in_range(option, value)) {
            return number_error(option, text, error);
        }
        *(double *)option->value = value;
        return VW_OK;
    }
    }
    return VW_OK;
}

static vw_err choose_isa(const char *isa, vw_arguments *arguments, vw_error *error)
{
    arguments->isa_given = true;
    arguments->kernels = vw_kernels_get(isa);
    if (arguments->kernels == NULL) {
        return vw_fail(error, VW_ERR_USAGE,
                       "--isa %s: not on this machine; one of avx512, avx2, baseline", isa);
    }
    return VW_OK;
}

static size_t make_getopt(const vw_option *options, size_t count, struct option *longs,
                          char *shorts)
{
    size_t used = 0;

    *shorts++ = ':';
    *shorts++ = 'h';
    for (size_t i = 0; i < count; i++) {
        bool takes = options[i].kind != VW_OPTION_FLAG;

        longs[used++] = (struct option){options[i].name, takes, NULL, OPTION_FIRST + (int)i};
        if (options[i].letter) {
            *shorts++ = options[i].letter;
            *shorts = ':';
            shorts += takes;
        }
    }
    *shorts = '\0';
    longs[used++] = (struct option){"help", no_argument, NULL, OPTION_HELP};
    longs[used++] = (struct option){"version", no_argument, NULL, OPTION_VERSION};
    longs[used++] = (struct option){"isa", required_argument, NULL, OPTION_ISA};
    return used;
}

static const vw_option *find_option(const vw_option *options, size_t count, int code)
{
    if (code >= OPTION_FIRST) {
        return &options[code - OPTION_FIRST];
    }
    for (size_t i = 0; i < count; i++) {
        if (options[i].letter != 0 && options[i].letter == code) {
            return &options[i];
        }
    }
    return NULL;
}

static vw_err refuse(const vw_command *command, int code, char **argv, vw_error *error)
{
    const char *what = code == ':' ? "needs an argument" : "no such option";
    const char *given = argv[optind - 1];

    return vw_fail(error, VW_ERR_USAGE, "%s: %s; see vegawire %s --help", given, what,
                   command->name);
}

vw_err vw_options_parse(const vw_command *command, const vw_option *options, size_t count,
                        int positional_max, int argc, char **argv, vw_arguments *arguments,
                        vw_error *error)
{
    struct option longs[OPTIONS_MAX + 4] = {0};
    char shorts[2 * OPTIONS_MAX + 4];
    vw_err err = VW_OK;
    int code;

    vw_check(count <= OPTIONS_MAX);
    make_getopt(options, count, longs, shorts);
    *arguments = (vw_arguments){.kernels = vw_kernels_get(NULL)};
    optind = 0; /* several parses in one process: tests */
    opterr = 0;
    while (err == VW_OK && (code = getopt_long(argc, argv, shorts, longs, NULL)) != -1) {
        if (code == OPTION_HELP || code == 'h') {
            print_help(command, options, count);
            arguments->done = true;
            return VW_OK;
        }
        if (code == OPTION_VERSION) {
            printf("vegawire %s schema 1 isa %s\n", VW_REVISION, arguments->kernels->isa);
            arguments->done = true;
            return VW_OK;
        }
        if (code == OPTION_ISA) {
            err = choose_isa(optarg, arguments, error);
        } else if (code == '?' || code == ':') {
            err = refuse(command, code, argv, error);
        } else {
            err = set_option(find_option(options, count, code), optarg, error);
        }
    }
    arguments->list = argv + optind;
    arguments->count = argc - optind;
    if (err == VW_OK && arguments->count > positional_max) {
        err = vw_fail(error, VW_ERR_USAGE, "%s: one argument too many; see vegawire %s --help",
                      arguments->list[positional_max], command->name);
    }
    return err;
}
