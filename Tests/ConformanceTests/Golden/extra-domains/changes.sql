INSERT INTO dom SELECT 'sad', u, v, t, n, m, a, s, p, r, mr, dr, ts, i8, pa, ma FROM dom WHERE k = 'ok';
UPDATE dom SET k = 'sad' WHERE v = 1;
ALTER TYPE mood ADD VALUE 'new one' BEFORE 'ok';
-- @settle
INSERT INTO dom (k, u, v, m) VALUES ('new one', 'ffffffff-ffff-ffff-ffff-ffffffffffff', 9, 'new one');
DELETE FROM dom WHERE v = 5;
