<?php
// As much of WordPress and WooCommerce as the snippets call, escaping as WordPress does.
// php wordpress.php <snippet> <case> : prints what the hooks of that case print.

$hooks = array();
$shortcodes = array();

function add_action( $hook, $function, $priority = 10 ) {
	$GLOBALS['hooks'][ $hook ][] = $function;
}
function add_shortcode( $name, $function ) {
	$GLOBALS['shortcodes'][ $name ] = $function;
}
function do_action( $hook, ...$given ) {
	foreach ( $GLOBALS['hooks'][ $hook ] as $function ) {
		$function( ...$given );
	}
}
function esc_attr( $text ) {
	return htmlspecialchars( $text, ENT_QUOTES, 'UTF-8', false );
}
function esc_url( $url ) {
	return preg_match( '#^https?://#', $url ) ? esc_attr( $url ) : '';
}
function wp_parse_args( $given, $defaults ) {
	return array_merge( $defaults, $given );
}
function shortcode_atts( $pairs, $given ) {
	return array_intersect_key( array_merge( $pairs, (array) $given ), $pairs );
}
function get_bloginfo( $show ) {
	return array( 'language' => 'ar' )[ $show ];
}
function wp_enqueue_script( $handle, $source, $needs, $version, $how ) {
	printf( "<script src=\"%s\" %s></script>\n", esc_attr( $source ), $how['strategy'] );
}

class Product {
	public function __construct( private $sku ) {}
	public function get_sku() {
		return $this->sku;
	}
}
class Customer {
	public function get_shipping_country() {
		return 'SA';
	}
	public function get_shipping_city() {
		return 'الرياض "شمال"';
	}
	public function get_shipping_postcode() {
		return '12271';
	}
}
class Cart {
	public function get_cart() {
		return array( array( 'data' => new Product( 'A' ) ), array( 'data' => new Product( '' ) ), array( 'data' => new Product( '"B"' ) ) );
	}
}
class Shop {
	public $cart;
	public $customer;
	public function __construct() {
		$this->cart = new Cart();
		$this->customer = new Customer();
	}
}
class PlacedOrder {
	public function __construct( private $link ) {}
	public function get_meta( $key ) {
		if ( '_wc_shipment_tracking_items' !== $key || 'none' === $this->link ) {
			return '';
		}
		return array( array( 'tracking_number' => '1' ), array( 'custom_tracking_link' => $this->link ) );
	}
}
function WC() {
	return new Shop();
}
function wc_get_order( $link ) {
	return new PlacedOrder( $link );
}

error_reporting( E_ALL );
set_error_handler( function ( $level, $words ) {
	throw new ErrorException( $words );
} );
$product = new Product( "LAMP'1" );
eval( file_get_contents( $argv[1] ) );
if ( 'shortcode' === $argv[2] ) {
	echo $shortcodes['homeward_date']( array( 'sku' => 'LAMP-1' ) );
} else {
	do_action( $argv[2], ...array_slice( $argv, 3 ) );
}
