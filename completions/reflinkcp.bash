# SPDX-License-Identifier: BSD-2-Clause
# Made by optgen from src/cli/completion.bash.in and options.def.
# shellcheck shell=bash

# Complete $2 to one of the words in $1.
_reflinkcp_words()
{
	mapfile -t COMPREPLY < <(compgen -W "$1" -- "$2")
	[[ ${COMPREPLY[0]-} == *= ]] && compopt -o nospace
}

# The same for the last word of a list with commas.
_reflinkcp_list()
{
	local last=${2##*,}

	mapfile -t COMPREPLY < <(
		compgen -P "${2%"$last"}" -W "$1" -- "$last")
	compopt -o nospace
}

# Complete $2 to files of kind $1: -d or -f.
_reflinkcp_files()
{
	mapfile -t COMPREPLY < <(compgen "$1" -- "$2")
	compopt -o filenames
}

_reflinkcp()
{
	local cur=${COMP_WORDS[COMP_CWORD]} option='' letters='' word
	local prev=${COMP_WORDS[COMP_CWORD-1]}

	COMPREPLY=()
	for word in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
		[[ $word == -- ]] || continue
		_reflinkcp_files -f "$cur"
		return
	done

	# --sparse=au arrives as --sparse, = and au.
	if [[ $cur == = && $prev == --* ]]; then
		option=$prev cur=''
	elif [[ $prev == = ]]; then
		option=${COMP_WORDS[COMP_CWORD-2]}
	else
		# Each of these letters takes the rest of its word, or the next.
		letters+=S
		letters+=j
		letters+=t
		case $prev in
		--sparse) option=$prev ;;
		--range) option=$prev ;;
		--ranges-from) option=$prev ;;
		--suffix) option=$prev ;;
		--no-preserve) option=$prev ;;
		--jobs) option=$prev ;;
		--target-directory) option=$prev ;;
		esac
		[[ $prev =~ ^-[^-$letters]*S$ ]] && option=--suffix
		[[ $prev =~ ^-[^-$letters]*j$ ]] && option=--jobs
		[[ $prev =~ ^-[^-$letters]*t$ ]] && option=--target-directory
	fi

	case $option in
	--reflink) _reflinkcp_words 'auto always never' "$cur" ;;
	--sparse) _reflinkcp_words 'never auto always' "$cur" ;;
	--ranges-from) _reflinkcp_files -f "$cur" ;;
	--update) _reflinkcp_words 'all none none-fail older' "$cur" ;;
	--backup) _reflinkcp_words 'none off simple never existing nil numbered t' "$cur" ;;
	--preserve) _reflinkcp_list 'mode timestamps ownership links context xattr all' "$cur" ;;
	--no-preserve) _reflinkcp_list 'mode timestamps ownership links context xattr all' "$cur" ;;
	--target-directory) _reflinkcp_files -d "$cur" ;;
	--json) _reflinkcp_files -f "$cur" ;;
	esac
	[[ $option ]] && return

	if [[ $cur == -* ]]; then
		_reflinkcp_words '
			--reflink
			--reflink=
			--sparse=
			--attributes-only
			--range=
			--ranges-from=
			--null
			--force
			--interactive
			--no-clobber
			--update
			--update=
			--no-create
			--remove-destination
			--backup
			--backup=
			--suffix=
			--preserve
			--preserve=
			--no-preserve=
			--context
			--context=
			--recursive
			-r
			--archive
			-d
			--one-file-system
			--copy-contents
			--keep-directory-symlink
			--keep-file-symlink
			--jobs=
			--target-directory=
			--no-target-directory
			--parents
			--strip-trailing-slashes
			--dereference
			-H
			--no-dereference
			--link
			--symbolic-link
			--verbose
			--debug
			--json
			--json=
			--progress
			--summary
			--detailed-exit-code
			--help
			--version
			--dry-run
			--probe
			--shared
		' "$cur"
	else
		_reflinkcp_files -f "$cur"
	fi
} 2>/dev/null # compopt, where it may not be called

complete -F _reflinkcp reflinkcp
