/** The same matrix against the cluster of $KUBECONFIG. */
import './leaks.test.ts';
