// Command follow runs a client-go informer on the ConfigMaps of one namespace and prints what it sees, one line each:
// "SYNCED name=n …" with what it held when it had synced, then "ADD name=n", "UPDATE name=n" and "DELETE name".
// n is the value of the key "n". It ends with standard input.
//
// usage: follow KUBECONFIG NAMESPACE; KUBE_FEATURE_WatchListClient=true|false chooses how it starts.
package main

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"sort"
	"strings"
	"sync"
	"time"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/client-go/informers"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/tools/cache"
	"k8s.io/client-go/tools/clientcmd"
)

var printing sync.Mutex

func say(format string, args ...any) {
	printing.Lock()
	defer printing.Unlock()
	fmt.Printf(format+"\n", args...)
}

func shown(object any) string {
	config := object.(*corev1.ConfigMap)
	return config.Name + "=" + config.Data["n"]
}

func main() {
	if err := follow(os.Args[1], os.Args[2]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func follow(kubeconfig, namespace string) error {
	config, err := clientcmd.BuildConfigFromFlags("", kubeconfig)
	if err != nil {
		return err
	}
	client, err := kubernetes.NewForConfig(config)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	go func() {
		for lines := bufio.NewScanner(os.Stdin); lines.Scan(); {
		}
		cancel()
	}()

	factory := informers.NewSharedInformerFactoryWithOptions(client, 0, informers.WithNamespace(namespace))
	informer := factory.Core().V1().ConfigMaps().Informer()
	_, err = informer.AddEventHandler(cache.ResourceEventHandlerDetailedFuncs{
		AddFunc: func(object any, initial bool) {
			if !initial {
				say("ADD %s", shown(object))
			}
		},
		UpdateFunc: func(_, object any) { say("UPDATE %s", shown(object)) },
		DeleteFunc: func(object any) {
			if gone, ok := object.(cache.DeletedFinalStateUnknown); ok {
				object = gone.Obj
			}
			say("DELETE %s", object.(*corev1.ConfigMap).Name)
		},
	})
	if err != nil {
		return err
	}
	factory.Start(ctx.Done())
	limited, stop := context.WithTimeout(ctx, 20*time.Second)
	defer stop()
	if !cache.WaitForCacheSync(limited.Done(), informer.HasSynced) {
		return fmt.Errorf("the informer did not sync")
	}
	held := []string{}
	for _, object := range informer.GetStore().List() {
		held = append(held, shown(object))
	}
	sort.Strings(held)
	say("SYNCED %s", strings.Join(held, " "))
	<-ctx.Done()
	return nil
}
