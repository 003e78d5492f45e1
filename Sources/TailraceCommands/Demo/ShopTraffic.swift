import PostgresCapture
import Synchronization

/// A small shop's database and the people who use it.
struct ShopTraffic {
    static let schema = """
        CREATE TABLE products (
            id serial PRIMARY KEY, name varchar(255) NOT NULL, description text, price decimal(10,2) NOT NULL,
            stock_quantity int NOT NULL DEFAULT 0, created_at timestamp DEFAULT current_timestamp,
            updated_at timestamp DEFAULT current_timestamp);
        CREATE TABLE orders (
            id serial PRIMARY KEY, customer_id int NOT NULL, total_amount decimal(10,2) NOT NULL,
            status varchar(50) NOT NULL DEFAULT 'pending', created_at timestamp DEFAULT current_timestamp,
            updated_at timestamp DEFAULT current_timestamp);
        CREATE TABLE order_items (
            id serial PRIMARY KEY, order_id int NOT NULL REFERENCES orders(id),
            product_id int NOT NULL REFERENCES products(id), quantity int NOT NULL, price decimal(10,2) NOT NULL,
            created_at timestamp DEFAULT current_timestamp);
        CREATE INDEX ON order_items (order_id);
        ALTER TABLE products REPLICA IDENTITY FULL;
        ALTER TABLE orders REPLICA IDENTITY FULL;
        ALTER TABLE order_items REPLICA IDENTITY FULL;
        """

    static let productCount = 200

    /// Fills the tables, and returns how many rows they hold together.
    static func seed(_ connection: PostgresConnection, orderCount: Int) throws(CaptureError) -> Int {
        try connection.execute(schema)
        try connection.execute(
            """
            INSERT INTO products (name, description, price, stock_quantity)
                SELECT (ARRAY['Laptop', 'Mouse', 'Keyboard', 'Monitor', 'Cable', 'Lamp', 'Chair', 'Desk'])[1 + g % 8]
                    || ' ' || g, 'Made for the demonstration', (g % 400) + 0.99, 1000
                FROM generate_series(1, \(productCount)) g;
            INSERT INTO orders (customer_id, total_amount, status)
                SELECT 100 + g % 5000, (g % 900) + 9.90, 'completed' FROM generate_series(1, \(orderCount)) g;
            INSERT INTO order_items (order_id, product_id, quantity, price)
                SELECT g, 1 + g % \(productCount), 1 + g % 3, (g % 400) + 0.99 FROM generate_series(1, \(orderCount)) g;
            ANALYZE;
            """)
        return productCount + 2 * orderCount
    }

    /// What the shop's people have done: read by the screen while the writer counts.
    final class Tally: Sendable {
        private let counts = Mutex((transactions: 0, rows: 0))
        var current: (transactions: Int, rows: Int) { counts.withLock { $0 } }
        func add(rows: Int) {
            counts.withLock {
                $0.transactions += 1
                $0.rows += rows
            }
        }
    }

    private var random = SystemRandomNumberGenerator()

    /// Makes one transaction and returns how many rows it changed.
    mutating func step(_ connection: PostgresConnection) throws(CaptureError) -> Int {
        let result = try connection.query(nextStatement())
        return result.integer(0, 0) ?? 0
    }

    private mutating func nextStatement() -> String {
        switch Int.random(in: 0..<100, using: &random) {
        case 0..<55: newOrder()
        case 55..<85:
            """
            WITH u AS (
                UPDATE orders SET status = CASE status WHEN 'pending' THEN 'paid' WHEN 'paid' THEN 'shipped'
                    ELSE 'completed' END, updated_at = now()
                WHERE id = (SELECT id FROM orders WHERE status <> 'completed' ORDER BY id LIMIT 1) RETURNING 1)
            SELECT count(*) FROM u
            """
        case 85..<95:
            """
            WITH u AS (
                UPDATE products SET price = round(price * \(Int.random(in: 90...110, using: &random)) / 100, 2) + 0.01,
                    updated_at = now() WHERE id = \(product()) RETURNING 1)
            SELECT count(*) FROM u
            """
        default:
            """
            WITH o AS (SELECT id FROM orders WHERE status = 'pending' ORDER BY id DESC LIMIT 1),
                i AS (DELETE FROM order_items WHERE order_id IN (SELECT id FROM o) RETURNING 1),
                d AS (DELETE FROM orders WHERE id IN (SELECT id FROM o) RETURNING 1)
            SELECT (SELECT count(*) FROM i) + (SELECT count(*) FROM d)
            """
        }
    }

    private mutating func product() -> Int { Int.random(in: 1...Self.productCount, using: &random) }

    private mutating func newOrder() -> String {
        let products = Set((0..<Int.random(in: 1...4, using: &random)).map { _ in product() }).sorted()
        let list = products.map(String.init).joined(separator: ",")
        let quantity = Int.random(in: 1...3, using: &random)
        return """
            WITH o AS (
                INSERT INTO orders (customer_id, total_amount)
                    SELECT \(Int.random(in: 100...5000, using: &random)), sum(price) * \(quantity)
                    FROM products WHERE id IN (\(list)) RETURNING id),
                i AS (INSERT INTO order_items (order_id, product_id, quantity, price)
                    SELECT o.id, p.id, \(quantity), p.price FROM o, products p WHERE p.id IN (\(list)) RETURNING 1),
                s AS (UPDATE products SET stock_quantity = stock_quantity - \(quantity), updated_at = now()
                    WHERE id IN (\(list)) RETURNING 1)
            SELECT (SELECT count(*) FROM o) + (SELECT count(*) FROM i) + (SELECT count(*) FROM s)
            """
    }
}
