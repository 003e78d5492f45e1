INSERT INTO ta SELECT id + 10, d, t, t3, tz, ts, ts3, tsz, iv, n, n2, m, b, bo, r, dp, si, bi, c, j, jb, i, o, bt FROM ta;
DELETE FROM ta WHERE id = 1;
