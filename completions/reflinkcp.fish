# SPDX-License-Identifier: BSD-2-Clause
# Printed by optgen from src/cli/options.def; changes go there.

# The words given, after what a list with commas has already.
function __reflinkcp_list
	set -l cur (commandline -ct | string replace -r '^--[^=]*=' '')
	set -l done (string match -r '^.*,' -- $cur; or echo)
	printf '%s\n' $done$argv
end

complete -c reflinkcp -l reflink -f -a 'auto\t"clone where possible, else copy" always\t"clone or fail" never\t"copy bytes"' -d 'share the source\'s storage'
complete -c reflinkcp -l sparse -x -a 'never\t"no holes" auto\t"holes where the source has them" always\t"holes for every run of zeros"' -d 'make holes where bytes are copied'
complete -c reflinkcp -l attributes-only -d 'copy no data, only the attributes'
complete -c reflinkcp -l range -x -d 'copy these bytes only, into DEST as it stands'
complete -c reflinkcp -l ranges-from -r -F -d 'read ranges from FILE, a line each'
complete -c reflinkcp -s 0 -l null -d 'entries of lists end in NUL, not in newline'
complete -c reflinkcp -s f -l force -d 'put a new file in the place of one that can\'t be opened for writing'
complete -c reflinkcp -s i -l interactive -d 'ask before a file is overwritten'
complete -c reflinkcp -s n -l no-clobber -d 'overwrite nothing and say nothing of it'
complete -c reflinkcp -s u -d 'choose what is overwritten'
complete -c reflinkcp -l update -f -a 'all\t"overwrite every file" none\t"overwrite nothing" none-fail\t"overwrite nothing and fail" older\t"overwrite older files"' -d 'choose what is overwritten'
complete -c reflinkcp -l no-create -d 'make no new files or directories'
complete -c reflinkcp -l remove-destination -d 'put a new file in the place of each, without trying to open it'
complete -c reflinkcp -s b -d 'keep what is overwritten under another name'
complete -c reflinkcp -l backup -f -a 'none\t"no backups" off\t"no backups" simple\t"name and suffix" never\t"name and suffix" existing\t"numbered if there are such, or simple" nil\t"numbered if there are such, or simple" numbered\t"name and number" t\t"name and number"' -d 'keep what is overwritten under another name'
complete -c reflinkcp -s S -l suffix -x -d 'suffix of simple backups, instead of ~'
complete -c reflinkcp -s p -d 'copy these attributes too'
complete -c reflinkcp -l preserve -f -a '(__reflinkcp_list mode timestamps ownership links context xattr all)' -d 'copy these attributes too'
complete -c reflinkcp -l no-preserve -x -a '(__reflinkcp_list mode timestamps ownership links context xattr all)' -d 'leave these attributes out'
complete -c reflinkcp -s Z -d 'set the SELinux context of each destination to the default type for its path'
complete -c reflinkcp -l context -f -d 'set the SELinux context of each destination to the default type for its path'
complete -c reflinkcp -s R -l recursive -d 'copy directories and all that is in them'
complete -c reflinkcp -s r -d 'the same as -R'
complete -c reflinkcp -s a -l archive -d 'copy all as it is'
complete -c reflinkcp -s d -d 'keep links of both kinds'
complete -c reflinkcp -s x -l one-file-system -d 'leave directories on other file systems empty'
complete -c reflinkcp -l copy-contents -d 'read FIFOs and devices in trees instead of making them again'
complete -c reflinkcp -l keep-directory-symlink -d 'go on in a symbolic link to a directory that has a directory\'s name'
complete -c reflinkcp -l keep-file-symlink -d 'inside directories, write through a symbolic link that has a file\'s name'
complete -c reflinkcp -s j -l jobs -x -d 'copy N files at a time (default: as suits the machine)'
complete -c reflinkcp -s t -l target-directory -x -a '(__fish_complete_directories)' -d 'copy every operand into DIRECTORY'
complete -c reflinkcp -s T -l no-target-directory -d 'take DEST for the name of the copy even if it is a directory'
complete -c reflinkcp -l parents -d 'keep the whole path of each source below DIRECTORY'
complete -c reflinkcp -l strip-trailing-slashes -d 'ignore slashes at the end of a source'
complete -c reflinkcp -s L -l dereference -d 'follow symbolic links in the sources (default without -R)'
complete -c reflinkcp -s H -d 'follow symbolic links that are operands'
complete -c reflinkcp -s P -l no-dereference -d 'copy symbolic links themselves (default with -R)'
complete -c reflinkcp -s l -l link -d 'make hard links instead of copies'
complete -c reflinkcp -s s -l symbolic-link -d 'make symbolic links instead of copies'
complete -c reflinkcp -s v -l verbose -d 'name each file as it is copied'
complete -c reflinkcp -l debug -d 'say as well how it was copied, and why it wasn\'t cloned'
complete -c reflinkcp -l help -d 'print this text and exit'
complete -c reflinkcp -l version -d 'print the version and what is built in, and exit'
