// Homeward: the delivery date on product, cart and checkout. For the child theme's functions.php.
add_action( 'wp_enqueue_scripts', function () {
	wp_enqueue_script( 'homeward-date', '%%DATE_SCRIPT%%', array(), null, array( 'strategy' => 'defer' ) );
} );

function homeward_date( $skus, $place = array() ) {
	$place = wp_parse_args( $place, array( 'country' => '', 'city' => '', 'postcode' => '' ) );
	return sprintf(
		'<homeward-date key="%s" lang="%s" country="%s" city="%s" postcode="%s" sku="%s"></homeward-date>',
		'%%KEY%%',
		esc_attr( get_bloginfo( 'language' ) ),
		esc_attr( $place['country'] ),
		esc_attr( $place['city'] ),
		esc_attr( substr( $place['postcode'], 0, 3 ) ),
		esc_attr( implode( ',', array_filter( $skus ) ) )
	);
}

// Product pages are cached for everybody: no customer's address is written into them.
add_action( 'woocommerce_single_product_summary', function () {
	global $product;
	echo homeward_date( array( $product->get_sku() ) );
}, 25 );

function homeward_date_of_cart() {
	$skus = array();
	foreach ( WC()->cart->get_cart() as $line ) {
		$skus[] = $line['data']->get_sku();
	}
	$customer = WC()->customer;
	echo homeward_date( $skus, array(
		'country'  => $customer->get_shipping_country(),
		'city'     => $customer->get_shipping_city(),
		'postcode' => $customer->get_shipping_postcode(),
	) );
}
add_action( 'woocommerce_before_cart_totals', 'homeward_date_of_cart' );
add_action( 'woocommerce_review_order_before_submit', 'homeward_date_of_cart' );

// In a page or a block theme: [homeward_date sku="LAMP-1"]
add_shortcode( 'homeward_date', function ( $given ) {
	$given = shortcode_atts( array( 'sku' => '' ), $given );
	return homeward_date( array( $given['sku'] ) );
} );
