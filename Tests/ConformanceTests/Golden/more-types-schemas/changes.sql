INSERT INTO mix (s, t, st) VALUES (1, 'streamed', 'd');
UPDATE mix SET r = 3.4028235e38, d = 0.1, n = 1e-20, n38 = 1, t = 'changed', e = 'new', ts = '2024-12-31 00:00', tz = '1960-01-01 00:00:00.5+00', i = '-13 months', m = 7 WHERE id = 1;
UPDATE mix SET id = 100 WHERE id = 3;
INSERT INTO mix SELECT 200, s, r, d, n, n38, nd, b, t, c, v, st, e, ea, u, j, jb, x, i, ip, ci, mac, bt, vb, by, dt, tm, tmz, ts, ts6, tz, p, rng, tr, na, ta, da, tsa, ua, m, o FROM mix WHERE id = 100;
DELETE FROM mix WHERE id = 2;
