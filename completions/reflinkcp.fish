# SPDX-License-Identifier: BSD-2-Clause
# Made by optgen from src/cli/completion.fish.in and options.def.

# The words given, after what a list with commas has already.
function __reflinkcp_list
	set -l cur (commandline -ct | string replace -r '^--[^=]*=' '')
	set -l done (string match -r '^.*,' -- $cur; or echo)
	printf '%s\n' $done$argv
end

complete -c reflinkcp -l reflink -f -a 'auto\t"clone where possible, else copy" always\t"clone or fail" never\t"copy bytes"' -d 'choose between cloning and copying'
complete -c reflinkcp -l sparse -x -a 'never\t"no holes" auto\t"holes where the source has them" always\t"holes for every run of zeros"' -d 'choose where to make holes when bytes are copied'
complete -c reflinkcp -l attributes-only -d 'copy only the attributes, no data'
complete -c reflinkcp -l range -x -d 'copy only these bytes'
complete -c reflinkcp -l ranges-from -r -F -d 'read ranges from FILE, one per line'
complete -c reflinkcp -s 0 -l null -d 'entries in lists end with NUL, not newline'
complete -c reflinkcp -s f -l force -d 'replace an existing file that cannot be opened for writing'
complete -c reflinkcp -s i -l interactive -d 'ask before overwriting a file'
complete -c reflinkcp -s n -l no-clobber -d 'silently leave existing files alone'
complete -c reflinkcp -s u -d 'choose which existing files to overwrite'
complete -c reflinkcp -l update -f -a 'all\t"overwrite every file" none\t"overwrite nothing" none-fail\t"overwrite nothing and fail" older\t"overwrite older files"' -d 'choose which existing files to overwrite'
complete -c reflinkcp -l no-create -d 'create no files or directories'
complete -c reflinkcp -l remove-destination -d 'replace each existing destination with a new file, without trying to open it'
complete -c reflinkcp -s b -d 'back up each file before overwriting it'
complete -c reflinkcp -l backup -f -a 'none\t"no backups" off\t"no backups" simple\t"name and suffix" never\t"name and suffix" existing\t"numbered if there are some, else simple" nil\t"numbered if there are some, else simple" numbered\t"name and number" t\t"name and number"' -d 'back up each file before overwriting it'
complete -c reflinkcp -s S -l suffix -x -d 'use SUFFIX for simple backups instead of ~'
complete -c reflinkcp -s p -d 'preserve these attributes'
complete -c reflinkcp -l preserve -f -a '(__reflinkcp_list mode timestamps ownership links context xattr all)' -d 'preserve these attributes'
complete -c reflinkcp -l no-preserve -x -a '(__reflinkcp_list mode timestamps ownership links context xattr all)' -d 'do not preserve these attributes'
complete -c reflinkcp -s Z -d 'set the SELinux type of each destination to the default for its path'
complete -c reflinkcp -l context -f -d 'set the SELinux type of each destination to the default for its path'
complete -c reflinkcp -s R -l recursive -d 'copy directories and everything in them'
complete -c reflinkcp -s r -d 'same as -R'
complete -c reflinkcp -s a -l archive -d 'copy recursively and preserve everything'
complete -c reflinkcp -s d -d 'preserve symbolic links and hard links'
complete -c reflinkcp -s x -l one-file-system -d 'stay on one file system'
complete -c reflinkcp -l copy-contents -d 'with -R, copy what FIFOs and devices contain instead of creating FIFOs and devices'
complete -c reflinkcp -l keep-directory-symlink -d 'follow existing symbolic links to directories in the destination'
complete -c reflinkcp -l keep-file-symlink -d 'inside directories, write through existing symbolic links to files in the destination, as cp does'
complete -c reflinkcp -s j -l jobs -x -d 'copy up to N files in parallel (default: one per available processor, at most 8)'
complete -c reflinkcp -s t -l target-directory -x -a '(__fish_complete_directories)' -d 'copy every SOURCE into DIRECTORY'
complete -c reflinkcp -s T -l no-target-directory -d 'treat DEST as the name of the copy, even if it is a directory'
complete -c reflinkcp -l parents -d 'recreate the full path of each SOURCE under DIRECTORY'
complete -c reflinkcp -l strip-trailing-slashes -d 'remove trailing slashes from each SOURCE'
complete -c reflinkcp -s L -l dereference -d 'follow symbolic links in sources (default without -R)'
complete -c reflinkcp -s H -d 'follow symbolic links that are operands'
complete -c reflinkcp -s P -l no-dereference -d 'copy symbolic links as links (default with -R)'
complete -c reflinkcp -s l -l link -d 'make hard links instead of copies'
complete -c reflinkcp -s s -l symbolic-link -d 'make symbolic links instead of copies'
complete -c reflinkcp -s v -l verbose -d 'print the name of each file as it is copied'
complete -c reflinkcp -l debug -d 'also print how each file was copied, and why it was not cloned'
complete -c reflinkcp -l help -d 'print this help and exit'
complete -c reflinkcp -l version -d 'print the version and how the program was built, and exit'
complete -c reflinkcp -l shared -d 'report how many bytes of each FILE share storage, and with what'
