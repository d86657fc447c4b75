/* SPDX-License-Identifier: BSD-2-Clause */
#include "oddrule.h"

#include <errno.h>
#include <fnmatch.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "tool.h"

static struct odd_rule *rules;
static int n_rules;

static const char *const calls[] = {
#define X(name) [ODD_##name] = #name,
	ODD_CALLS(X)
#undef X
};

static const struct {
	const char *name;
	int number;
} errors[] = {
#define E(name)             \
	{                   \
#name, name \
	}
	E(EACCES),    E(EAGAIN),  E(EBADF),	 E(EBUSY),   E(EDQUOT),
	E(EEXIST),    E(EFBIG),	  E(EINTR),	 E(EINVAL),  E(EIO),
	E(EISDIR),    E(ELOOP),	  E(EMFILE),	 E(EMLINK),  E(ENAMETOOLONG),
	E(ENODATA),   E(ENODEV),  E(ENOENT),	 E(ENOMEM),  E(ENOSPC),
	E(ENOSYS),    E(ENOTDIR), E(ENOTEMPTY),	 E(ENOTSUP), E(ENOTTY),
	E(ENXIO),     E(EPERM),	  E(EOPNOTSUPP), E(ERANGE),  E(EROFS),
	E(ESPIPE),    E(ESTALE),  E(ETIMEDOUT),	 E(ETXTBSY), E(EXDEV),
	E(EOVERFLOW), E(E2BIG),	  E(EUCLEAN),
#undef E
};

static int parse_error(const char *name)
{
	for (size_t i = 0; i < sizeof(errors) / sizeof(errors[0]); i++)
		if (!strcmp(errors[i].name, name))
			return errors[i].number;
	die_plain("'%s' is no errno known here", name);
}

static enum odd_call parse_call(const char *name)
{
	for (int i = 0; i < ODD_CALLS_N; i++)
		if (!strcmp(calls[i], name))
			return (enum odd_call)i;
	die_plain("no call '%s'", name);
}

/* Cut TEXT at its first ':'; what is behind it, or NULL. */
static char *split(char *text)
{
	char *colon = strchr(text, ':');

	if (colon)
		*colon++ = '\0';
	return colon;
}

static void parse_fail(struct odd_rule *rule, char *value)
{
	char *error = split(value);
	char *from = error ? split(error) : NULL;

	if (!error)
		die_plain("fail=CALL:ERRNO[:N]");
	rule->call = parse_call(value);
	rule->error = parse_error(error);
	rule->number = from ? parse_bytes(from, '\0') : 1;
}

static void parse_attr(struct odd_rule *rule, char *value)
{
	char *error = split(value);

	if (!error)
		die_plain("attr=NAME:ERRNO");
	rule->attr = value;
	rule->error = parse_error(error);
}

static void parse_value(struct odd_rule *rule, const char *odd, char *value)
{
	if (!strcmp(odd, "fail")) {
		rule->kind = RULE_FAIL;
		parse_fail(rule, value);
	} else if (!strcmp(odd, "attr")) {
		rule->kind = RULE_ATTR;
		parse_attr(rule, value);
	} else if (!strcmp(odd, "size")) {
		rule->kind = RULE_SIZE;
		rule->number = parse_bytes(value, '\0');
	} else if (!strcmp(odd, "times")) {
		rule->kind = RULE_TIMES;
		rule->number = parse_bytes(value, '\0');
	} else if (!strcmp(odd, "ino") && !strcmp(value, "changing")) {
		rule->kind = RULE_INO;
	} else if (!strcmp(odd, "ino") && !strcmp(value, "copyup")) {
		rule->kind = RULE_COPYUP;
	} else {
		die_plain("no rule '%s=%s'", odd, value);
	}
}

static void parse_word(struct odd_rule *rule, const char *odd)
{
	if (!strcmp(odd, "direct"))
		rule->kind = RULE_DIRECT;
	else if (!strcmp(odd, "stream"))
		rule->kind = RULE_STREAM;
	else if (!strcmp(odd, "acls"))
		rule->kind = RULE_ACLS;
	else if (!strcmp(odd, "nocase"))
		rule->kind = RULE_NOCASE;
	else if (!strcmp(odd, "nonodes"))
		rule->kind = RULE_NONODES;
	else
		die_plain("no rule '%s'", odd);
}

static void parse_rule(struct odd_rule *rule, char *text)
{
	size_t head = strcspn(text, ":=");
	char *value;

	if (text[head] == ':') {
		rule->pattern = text;
		text[head] = '\0';
		text += head + 1;
	}
	value = strchr(text, '=');
	if (value) {
		*value++ = '\0';
		parse_value(rule, text, value);
	} else {
		parse_word(rule, text);
	}
}

void odd_rules_parse(char **texts, int n)
{
	rules = calloc((size_t)n + 1, sizeof(*rules));
	if (!rules)
		die("rules");
	for (int i = 0; i < n; i++)
		parse_rule(&rules[i], texts[i]);
	n_rules = n;
}

static bool is_for(const struct odd_rule *rule, const char *path)
{
	const char *slash = strrchr(path, '/');

	return !rule->pattern || fnmatch(rule->pattern, path, 0) == 0 ||
	       (slash && fnmatch(rule->pattern, slash + 1, 0) == 0);
}

struct odd_rule *odd_rule_find(enum odd_kind kind, const char *path)
{
	for (int i = 0; i < n_rules; i++)
		if (rules[i].kind == kind && is_for(&rules[i], path))
			return &rules[i];
	return NULL;
}

struct odd_rule *odd_rule_attr(const char *path, const char *name)
{
	for (int i = 0; i < n_rules; i++)
		if (rules[i].kind == RULE_ATTR && is_for(&rules[i], path) &&
		    !strcmp(rules[i].attr, name))
			return &rules[i];
	return NULL;
}

int odd_rule_fails(enum odd_call call, const char *path)
{
	for (int i = 0; i < n_rules; i++) {
		struct odd_rule *rule = &rules[i];

		if (rule->kind != RULE_FAIL || rule->call != call ||
		    !is_for(rule, path))
			continue;
		if (__atomic_add_fetch(&rule->n_calls, 1, __ATOMIC_RELAXED) >=
		    rule->number)
			return -rule->error;
	}
	return 0;
}
