/* SPDX-License-Identifier: BSD-2-Clause */
#include "diag.h"

#include <errno.h>
#include <locale.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <bsd/stdlib.h>

#include "base.h"
#include "quote.h"

/*
 * Conversions in a sentence: %s the source, %d the destination, %o the object
 * of the step, %a the detail (all quoted); %u a user; %r the range; %b and %B
 * the limit of a fault_range, as a number and in words; %n which part of the
 * range can be cloned; %e where the source ends; %t the type of the object.
 * WITH_ERRNO appends ": " and the system's text.  An empty sentence is not
 * printed.
 */
static const struct sentence {
	const char *text;
	enum {
		WITHOUT_ERRNO,
		WITH_ERRNO,
		WITH_HELP
	} tail;
} sentences[FAULT_OP_MAX] = {
	/* clang-format off */
	[FAULT_STAT] = { "cannot stat %o", WITH_ERRNO },
	[FAULT_OPEN] = { "cannot open %o for reading", WITH_ERRNO },
	[FAULT_CREATE] = { "cannot create regular file %d", WITH_ERRNO },
	[FAULT_READ] = { "error reading %o", WITH_ERRNO },
	[FAULT_WRITE] = { "error writing %o", WITH_ERRNO },
	[FAULT_COPY_RANGE] = { "error copying %s to %d", WITH_ERRNO },
	[FAULT_TRUNCATE] = { "failed to set the length of %o", WITH_ERRNO },
	[FAULT_CLONE] = { "failed to clone %d from %s", WITH_ERRNO },
	[FAULT_CLOSE] = { "failed to close %o", WITH_ERRNO },
	[FAULT_REMOVE] = { "cannot remove %o", WITH_ERRNO },
	[FAULT_BACKUP] = { "cannot backup %o", WITH_ERRNO },
	[FAULT_HARD_LINK] = { "cannot create hard link %d to %s", WITH_ERRNO },
	[FAULT_SYMLINK] = { "cannot create symbolic link %d to %s", WITH_ERRNO },
	[FAULT_COPY_SYMLINK] = { "cannot create symbolic link %d", WITH_ERRNO },
	[FAULT_READ_LINK] = { "cannot read symbolic link %o", WITH_ERRNO },
	[FAULT_MAKE_DIRECTORY] = { "cannot make directory %o", WITH_ERRNO },
	[FAULT_SET_OWNER] = { "failed to preserve ownership for %o", WITH_ERRNO },
	[FAULT_SET_MODE] = { "setting permissions for %o", WITH_ERRNO },
	[FAULT_SET_ACL] = { "preserving permissions for %o", WITH_ERRNO },
	[FAULT_GET_XATTR] = { "getting attribute %a of %o", WITH_ERRNO },
	[FAULT_SET_XATTRS] = { "setting attributes for %o", WITH_ERRNO },
	[FAULT_SET_XATTR] = { "setting attribute %a for %o", WITH_ERRNO },
	[FAULT_LIST_XATTR] = { "listing attributes of %s", WITH_ERRNO },
	[FAULT_GET_CONTEXT] = { "failed to get the security context of %o", WITH_ERRNO },
	[FAULT_SET_CONTEXT] = { "failed to set the security context of %o", WITH_ERRNO },
	[FAULT_SET_NEW_CONTEXT] = { "failed to set default file creation context to %a", WITH_ERRNO },
	[FAULT_DEFAULT_CONTEXT] = { "failed to set default file creation context for %o", WITH_ERRNO },
	[FAULT_LOAD_DEFAULTS] = { "cannot load the default security contexts", WITH_ERRNO },
	[FAULT_NO_DEFAULTS] = { "ignoring --context", WITH_ERRNO },
	[FAULT_GET_FLAGS] = { "reading flags of %o", WITH_ERRNO },
	[FAULT_SET_FLAGS] = { "preserving flags for %o", WITH_ERRNO },
	[FAULT_SET_TIMES] = { "preserving times for %o", WITH_ERRNO },
	[FAULT_GET_EXTENTS] = { "cannot find out where %o is stored", WITH_ERRNO },
	[FAULT_MEMORY] = { "memory exhausted at %s", WITHOUT_ERRNO },
	[FAULT_CREATE_DIRECTORY] = { "cannot create directory %d", WITH_ERRNO },
	[FAULT_CREATE_FIFO] = { "cannot create fifo %d", WITH_ERRNO },
	[FAULT_CREATE_NODE] = { "cannot create special file %d", WITH_ERRNO },
	[FAULT_NAME] = { "cannot give its name to %d", WITH_ERRNO },
	[FAULT_PARENT] = { "cannot open the directory of %d", WITH_ERRNO },
	[FAULT_ACCESS] = { "cannot access %o", WITH_ERRNO },
	[FAULT_TARGET] = { "target %o", WITH_ERRNO },
	[FAULT_TARGET_DIRECTORY] = { "target directory %o", WITH_ERRNO },
	[FAULT_OMIT_DIRECTORY] = { "-r not specified; omitting directory %s", WITHOUT_ERRNO },
	[FAULT_TAKEN] = { "not replacing %d", WITHOUT_ERRNO },
	[FAULT_OVERWRITE_DIRECTORY] = { "cannot overwrite directory %d with non-directory %s", WITHOUT_ERRNO },
	[FAULT_OVERWRITE_FILE] = { "cannot overwrite non-directory %d with directory %s", WITHOUT_ERRNO },
	[FAULT_THROUGH_LINK] = { "not writing through symlink %d", WITHOUT_ERRNO },
	[FAULT_INTO_ITSELF] = { "cannot copy a directory, %s, into itself, %d", WITHOUT_ERRNO },
	[FAULT_CYCLE] = { "cannot copy cyclic symbolic link %s", WITHOUT_ERRNO },
	[FAULT_SAME_FILE] = { "%s and %d are the same file", WITHOUT_ERRNO },
	[FAULT_DANGLING_LINK] = { "not writing through dangling symlink %d", WITHOUT_ERRNO },
	[FAULT_JUST_CREATED] = { "will not overwrite just-created %d with %s", WITHOUT_ERRNO },
	[FAULT_APPEARED] = { "will not overwrite %d with %s: another process has just created it", WITHOUT_ERRNO },
	[FAULT_THROUGH_CREATED] = { "will not copy %s through just-created symlink %d", WITHOUT_ERRNO },
	[FAULT_NOT_REPLACING] = { "not replacing %d", WITHOUT_ERRNO },
	[FAULT_NOT_CREATING] = { "not creating %d, which does not exist", WITHOUT_ERRNO },
	[FAULT_DECLINED] = { "", WITHOUT_ERRNO },
	[FAULT_BACKUP_IS_SOURCE] = { "backing up %d might destroy source;  %s not copied", WITHOUT_ERRNO },
	[FAULT_SWAPPED] = { "skipping file %o, as it was replaced while being copied", WITHOUT_ERRNO },
	[FAULT_SHORT_CLONE] = { "the clone %d came out shorter than %s", WITHOUT_ERRNO },
	[FAULT_SHRANK] = { "%s became shorter while it was copied", WITHOUT_ERRNO },
	[FAULT_ENDED_EARLY] = { "%s has less content than its size says", WITHOUT_ERRNO },
	[FAULT_GREW] = { "%s grew while it was copied; only its original length was copied to %d", WITHOUT_ERRNO },
	[FAULT_OTHER_END] = { "%s has %e, but its size says %b; all of it was copied to %d", WITHOUT_ERRNO },
	[FAULT_RELATIVE_LINK] = { "%d: can make relative symbolic links only in current directory", WITHOUT_ERRNO },
	[FAULT_NOT_DIRECTORY] = { "%d exists but is not a directory", WITHOUT_ERRNO },
	[FAULT_FOREIGN_LINK] = { "not following symbolic link %a, which user %u owns", WITHOUT_ERRNO },
	[FAULT_PARENTS_TARGET] = { "with --parents, the destination must be a directory", WITH_HELP },
	[FAULT_NO_SELINUX] = { "cannot preserve security context without an SELinux-enabled kernel", WITHOUT_ERRNO },
	[FAULT_CONTEXT_IGNORED] = { "ignoring --context; it requires an SELinux-enabled kernel", WITHOUT_ERRNO },
	[FAULT_TWO_CONTEXTS] = { "cannot set target context and preserve it", WITHOUT_ERRNO },
	[FAULT_SOURCE_TWICE] = { "source file %s specified more than once", WITHOUT_ERRNO },
	[FAULT_SOURCE_TWICE_DIRECTORY] = { "source directory %s specified more than once", WITHOUT_ERRNO },
	[FAULT_NOT_REGULAR] = { "%o is %t: ranges need a regular file", WITHOUT_ERRNO },
	[FAULT_NO_EXTENTS] = { "%o is %t: only the data of regular files can be shared", WITHOUT_ERRNO },
	[FAULT_NO_SIZE] = { "%o has content but no size, like files in /proc; ranges need a size", WITHOUT_ERRNO },
	[FAULT_WRONG_SIZE] = { "%o does not end where its size says; ranges need its true size", WITHOUT_ERRNO },
	[FAULT_RANGE_PAST_END] = { "%r passes the end of %s, which has %B", WITHOUT_ERRNO },
	[FAULT_RANGE_TOO_FAR] = { "%r ends beyond what a file can hold", WITHOUT_ERRNO },
	[FAULT_RANGE_OVERLAPS] = { "cannot clone %r of %s: it overlaps its own destination", WITHOUT_ERRNO },
	[FAULT_RANGE_UNALIGNED] = { "cannot clone %r of %s to %d: the block size is %b; %n", WITHOUT_ERRNO },
	[FAULT_SPACE] = { "not enough space where %d is: %e needed, %B free", WITHOUT_ERRNO },
	[FAULT_FROM_REPORT] = { "not copying %s: it is the report of this run", WITHOUT_ERRNO },
	[FAULT_ONTO_REPORT] = { "will not overwrite %d with %s: it is the report of this run", WITHOUT_ERRNO },
	[FAULT_INTERRUPTED] = { "", WITHOUT_ERRNO },
	/* clang-format on */
};

static const char *const type_names[] = {
	[FILE_REGULAR] = "a regular file",
	[FILE_DIRECTORY] = "a directory",
	[FILE_SYMLINK] = "a symbolic link",
	[FILE_FIFO] = "a FIFO",
	[FILE_SOCKET] = "a socket",
	[FILE_CHAR_DEVICE] = "a character device",
	[FILE_BLOCK_DEVICE] = "a block device",
	[FILE_OTHER] = "something else",
};

void diag_locale(void)
{
	/* Set it once, and only if there is a message. */
	if (strcmp(setlocale(LC_CTYPE, NULL), "C") == 0)
		(void)setlocale(LC_ALL, "");
}

int diag_put_name(FILE *f, const char *name)
{
	_cleanup_(freep) char *quoted = quote_name(name);

	/* A placeholder is better than an unquoted name. */
	(void)fputs(quoted ? quoted : "'?'", f);
	return quoted ? 0 : -ENOMEM;
}

void diag_put_span(FILE *f, const struct span *span)
{
	(void)fprintf(f, "%ju:%ju:%ju", (uintmax_t)span->src_off,
		      (uintmax_t)span->len, (uintmax_t)span->dst_off);
}

static void put_range(FILE *f, uint64_t number, const struct span *span)
{
	(void)fprintf(f, "range %ju (", (uintmax_t)number);
	diag_put_span(f, span);
	(void)fputc(')', f);
}

static void put_bytes(FILE *f, uint64_t n)
{
	(void)fprintf(f, "%ju byte%s", (uintmax_t)n, n == 1 ? "" : "s");
}

/* Which part of a range can be cloned, with blocks of at->bound bytes. */
static void put_inside(FILE *f, const struct fault_range *at)
{
	uint64_t block = at->bound > 0 ? at->bound : 1;

	if (at->inside.len > 0) {
		(void)fputs("only ", f);
		diag_put_span(f, &at->inside);
		(void)fputs(" can be cloned", f);
	} else if (at->span.src_off % block != at->span.dst_off % block) {
		(void)fputs("the offsets differ modulo that, so nothing can be "
			    "cloned",
			    f);
	} else {
		(void)fputs("no whole block lies inside this range", f);
	}
}

static void put_sentence(FILE *f, const char *text, const struct job *job,
			 const struct fault *fault, const char *detail)
{
	const char *object = fault->obj == FAULT_SRC ? job->src : job->dst;

	for (const char *p = text; *p; p++) {
		if (*p != '%') {
			(void)fputc(*p, f);
			continue;
		}
		switch (*++p) {
		case 's':
			(void)diag_put_name(f, job->src);
			break;
		case 'd':
			(void)diag_put_name(f, job->dst);
			break;
		case 'o':
			(void)diag_put_name(f, object);
			break;
		case 'r':
			put_range(f, fault->at.number, &fault->at.span);
			break;
		case 'b':
			(void)fprintf(f, "%ju", (uintmax_t)fault->at.bound);
			break;
		case 'B':
			put_bytes(f, fault->at.bound);
			break;
		case 't':
			(void)fputs(type_names[fault->type], f);
			break;
		case 'e':
			put_bytes(f, fault->at.span.len);
			break;
		case 'n':
			put_inside(f, &fault->at);
			break;
		case 'u':
			(void)fprintf(f, "%ju", (uintmax_t)fault->owner);
			break;
		default:
			(void)diag_put_name(f, detail ? detail : "");
			break;
		}
	}
}

/*
 * Begin a line, which is printed in one call: standard error has no buffer, and
 * lines of several processes must not be mixed.
 */
static FILE *begin_line(char **text, size_t *len)
{
	FILE *f;

	(void)fflush(stdout);
	f = open_memstream(text, len);
	if (f)
		(void)fprintf(f, "%s: ", getprogname());
	return f;
}

static void end_line(FILE *f, char **text)
{
	(void)fputc('\n', f);
	if (fclose(f) == 0)
		(void)fputs(*text, stderr);
}

static void put_help(FILE *f)
{
	(void)fprintf(f, "\nTry '%s --help' for more information.",
		      getprogname());
}

void diag_usage(const char *text, int try_help)
{
	_cleanup_(freep) char *line = NULL;
	size_t len;
	FILE *f;

	diag_locale();
	f = begin_line(&line, &len);
	if (!f)
		return;
	(void)fputs(text, f);
	if (try_help)
		put_help(f);
	end_line(f, &line);
}

/* Print the state of the destination, AFTER a sentence or alone. */
static void put_left(FILE *f, const struct job *job, const struct fault *fault,
		     bool after)
{
	static const char *const words[] = {
		[FAULT_LEFT_EMPTY] = " is empty now",
		[FAULT_LEFT_HALF] = " is half written now",
	};

	if (fault->left == FAULT_LEFT_ALONE)
		return;
	if (after)
		(void)fputs("; ", f);
	(void)diag_put_name(f, job->dst);
	(void)fputs(words[fault->left], f);
}

/* Print the sentence for FAULT, and what its errno means. */
static void put_fault(FILE *f, const struct job *job, const struct fault *fault,
		      const char *detail)
{
	const struct sentence *sentence = &sentences[fault->op];

	put_sentence(f, sentence->text, job, fault, detail);
	if (sentence->tail == WITH_ERRNO)
		(void)fprintf(f, ": %s", strerror(fault->err));
	put_left(f, job, fault, *sentence->text);
}

/* Is there nothing to be said? */
static bool is_silent(const struct fault *fault)
{
	return !*sentences[fault->op].text && fault->left == FAULT_LEFT_ALONE;
}

void diag_fault(const struct job *job, const struct fault *fault,
		enum severity severity, const char *detail)
{
	_cleanup_(freep) char *line = NULL;
	size_t len;
	FILE *f;

	if (is_silent(fault))
		return;
	f = begin_line(&line, &len);
	if (!f)
		return;
	if (severity == SEVERITY_WARNING)
		(void)fputs("warning: ", f);
	put_fault(f, job, fault, detail);
	if (sentences[fault->op].tail == WITH_HELP)
		put_help(f);
	end_line(f, &line);
}

char *diag_fault_text(const struct job *job, const struct fault *fault,
		      const char *detail)
{
	char *text = NULL;
	size_t len;
	FILE *f = is_silent(fault) ? NULL : open_memstream(&text, &len);

	if (!f)
		return NULL;
	put_fault(f, job, fault, detail);
	if (fclose(f) == 0)
		return text;
	free(text);
	return NULL;
}

/* Print which of the ranges are done, if there are several. */
static void put_done(FILE *f, const struct ranges_stop *stop)
{
	uintmax_t n_done = stop->n_done;
	uintmax_t n = stop->n;

	if (n < 2)
		return;
	if (n_done == 0) {
		(void)fprintf(f, "none of the %ju ranges is done; ", n);
		return;
	}
	if (n_done == 1)
		(void)fprintf(f, "range 1 of %ju is done (", n);
	else
		(void)fprintf(f, "ranges 1 to %ju of %ju are done (", n_done,
			      n);
	put_bytes(f, stop->done);
	(void)fputs("); ", f);
}

void diag_ranges_stopped(const struct job *job, const struct ranges_stop *stop)
{
	_cleanup_(freep) char *line = NULL;
	size_t len;
	FILE *f = begin_line(&line, &len);

	if (!f)
		return;
	(void)diag_put_name(f, job->dst);
	(void)fputs(": ", f);
	put_done(f, stop);
	put_range(f, stop->n_done + 1, &stop->span);
	(void)fputs(" stopped after ", f);
	if (stop->which == STOP_UNKNOWN)
		(void)fputs("an unknown number of bytes", f);
	else
		put_bytes(f, stop->partly);
	if (stop->which == STOP_SOME)
		(void)fputs(", not its first", f);
	end_line(f, &line);
}

void diag_name_error(const char *what, const char *name, int err)
{
	_cleanup_(freep) char *line = NULL;
	size_t len;
	FILE *f;

	diag_locale();
	f = begin_line(&line, &len);
	if (!f)
		return;
	(void)fputs(what, f);
	if (name)
		(void)diag_put_name(f, name);
	(void)fprintf(f, ": %s", strerror(err));
	end_line(f, &line);
}

void diag_error(const char *what, int err)
{
	diag_name_error(what, NULL, err);
}
