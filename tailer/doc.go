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
//	following    nxadm/tail reads the held descriptor (/proc/self/fd/N, the inode) whenever something comes, and hands over
//	             single lines
//	parked       nothing came for a while: no goroutine of nxadm/tail, no buffer; the directory watch wakes it
//	draining     the name is gone: our block reader again, until no process has the file open for writing
//	done         read to its end and closed; only its identity and position are remembered
//
// What comes is told by a watch of the directory, which is listened to every few tens of milliseconds: one wake-up for what
// was written to all files in that time. Where no such watch is to be had one clock looks at all files that are followed.
//
// Every change of phase is at a committed offset, after a whole line, so it can neither lose nor repeat a line.
//
// What lies beside a file under its name and a suffix (app.log.1, app.log-20261123; not what a source excludes) was that
// file, or is a copy of it. An unknown one is held open and compared with what was read: hashes of the beginning, of the
// end and of places between are kept of every file, and of every content that was truncated away (a ghost). A copy of a
// ghost is read from where that was left; a copy of a file that is there waits for its truncation, and is left alone if
// none comes; anything else was renamed before it could be opened, and is read from its beginning. A comparison waits
// until what may be a copy has not grown for a second. What lay there at the very first start is never read.
//
// Positions are all of that. A later Tailer goes on from them: it finds each file by its identity and its bytes,
// under whatever name in the same directory, or as a .gz that was made meanwhile.
//
// A file that several sources or several names match is read once, for the first of them.
package tailer
