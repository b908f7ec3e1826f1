// Package tailer turns sets of growing files into blocks of whole lines and loses none of them when the files are
// rotated.
//
// A log file is an inode, not a name. What a name is replaced by (rename and create, delete and create, a link that
// points elsewhere) is another inode, and the old one may be written for as long as a program holds it open. So every
// inode that is found is opened once, held, and read by its descriptor until nobody writes it any more; the name only
// says which inodes to look at. A file is known by device, inode and birth time, never by its name, so a file that was
// read and then renamed to something that matches as well (app.log, app.log.1) is not read again.
//
// Truncation keeps the inode and restarts its content. It shows in two ways: the file is shorter than what was read
// of it, or the last bytes that were read are no longer where they were. The second finds a file that was truncated
// and has grown past the old offset before anybody looked. A file that was cut in the middle is read again from its
// beginning: what was kept is then delivered twice.
//
// Each file goes through these phases:
//
//	catching up  our block reader reads what is there, a block of up to 256 KiB of whole lines at a time
//	following    nxadm/tail polls the held descriptor (/proc/self/fd/N, the inode) and hands over single lines
//	parked       nothing came for a while: no goroutine of nxadm/tail, no buffer; the directory watch wakes it
//	draining     the name is gone: our block reader again, until no process has the file open for writing
//	done         read to its end and closed; only its identity and position are remembered
//
// Every change of phase is at a committed offset, after a whole line, so it can neither lose nor repeat a line.
//
// A file that several sources or several names match is read once, for the first of them.
package tailer
