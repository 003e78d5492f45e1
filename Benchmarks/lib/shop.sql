-- The shop of the demo: three tables, REPLICA IDENTITY FULL, and a procedure that makes traffic.
CREATE TABLE products (
    id serial PRIMARY KEY, name varchar(255) NOT NULL, description text, price decimal(10,2) NOT NULL,
    stock_quantity int NOT NULL DEFAULT 0, created_at timestamp DEFAULT current_timestamp,
    updated_at timestamp DEFAULT current_timestamp);
CREATE TABLE orders (
    id serial PRIMARY KEY, customer_id int NOT NULL, total_amount decimal(10,2) NOT NULL,
    status varchar(50) NOT NULL DEFAULT 'pending', created_at timestamp DEFAULT current_timestamp,
    updated_at timestamp DEFAULT current_timestamp);
CREATE TABLE order_items (
    id serial PRIMARY KEY, order_id int NOT NULL, product_id int NOT NULL, quantity int NOT NULL,
    price decimal(10,2) NOT NULL, created_at timestamp DEFAULT current_timestamp);
ALTER TABLE products REPLICA IDENTITY FULL;
ALTER TABLE orders REPLICA IDENTITY FULL;
ALTER TABLE order_items REPLICA IDENTITY FULL;
INSERT INTO products (name, description, price, stock_quantity)
    SELECT 'Product ' || g, 'A product for the benchmark, number ' || g, (g % 9000) / 7.0 + 1, 100000
    FROM generate_series(1, 1000) g;
INSERT INTO orders (customer_id, total_amount) SELECT g, g / 3.0 FROM generate_series(1, 1000) g;

-- `transactions` times `changes` row changes: of every ten, one order, four items, three stock updates, two status updates.
CREATE PROCEDURE shop_traffic(transactions int, changes int) LANGUAGE plpgsql AS $$
DECLARE
    n int := 0;
BEGIN
    PERFORM set_config('synchronous_commit', 'off', false);
    IF changes >= 1000 THEN
        FOR t IN 1..transactions LOOP
            INSERT INTO orders (customer_id, total_amount) SELECT g, g / 3.0 FROM generate_series(1, changes / 10) g;
            INSERT INTO order_items (order_id, product_id, quantity, price)
                SELECT g, g % 1000 + 1, g % 5 + 1, g % 9000 / 7.0 FROM generate_series(1, changes - changes / 10 - changes / 10 * 2) g;
            UPDATE orders SET status = 'completed', updated_at = now()
                WHERE id IN (SELECT id FROM orders ORDER BY id DESC LIMIT changes / 10 * 2);
            COMMIT;
        END LOOP;
        RETURN;
    END IF;
    FOR t IN 1..transactions LOOP
        FOR c IN 1..changes LOOP
            n := n + 1;
            CASE n % 10
                WHEN 0 THEN
                    INSERT INTO orders (customer_id, total_amount) VALUES (n % 500, n % 100000 / 3.0);
                WHEN 1, 2, 3, 4 THEN
                    INSERT INTO order_items (order_id, product_id, quantity, price)
                        VALUES (n / 10 + 1, n % 1000 + 1, n % 5 + 1, n % 9000 / 7.0);
                WHEN 5, 6, 7 THEN
                    UPDATE products SET stock_quantity = stock_quantity - 1, updated_at = clock_timestamp() WHERE id = n % 1000 + 1;
                ELSE
                    UPDATE orders SET status = CASE WHEN status = 'pending' THEN 'completed' ELSE 'pending' END,
                        updated_at = clock_timestamp() WHERE id = n % 1000 + 1;
            END CASE;
        END LOOP;
        COMMIT;
    END LOOP;
END $$;
