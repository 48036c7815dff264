// Command client-go fills an informer's store from an API server and prints how long that took and what it retains.
package main

import (
	"context"
	"encoding/json"
	"flag"
	"os"
	"runtime"
	"time"

	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/dynamic"
	"k8s.io/client-go/dynamic/dynamicinformer"
	"k8s.io/client-go/informers"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/cache"
)

type result struct {
	Objects    int     `json:"objects"`
	RetainedMB float64 `json:"retainedMB"`
	Seconds    float64 `json:"seconds"`
}

func retained() uint64 {
	runtime.GC()
	runtime.GC()
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	return stats.HeapAlloc
}

func main() {
	server := flag.String("server", "", "URL of the API server")
	mode := flag.String("mode", "typed", "typed, trimmed (typed, without managedFields) or dynamic")
	timeout := flag.Duration("timeout", 2*time.Minute, "deadline of the sync")
	flag.Parse()
	ctx, cancel := context.WithTimeout(context.Background(), *timeout)
	defer cancel()

	config := &rest.Config{Host: *server, QPS: -1}
	var informer cache.SharedIndexInformer
	if *mode != "dynamic" {
		factory := informers.NewSharedInformerFactory(kubernetes.NewForConfigOrDie(config), 0)
		informer = factory.Core().V1().Pods().Informer()
	} else {
		pods := schema.GroupVersionResource{Version: "v1", Resource: "pods"}
		informer = dynamicinformer.NewFilteredDynamicSharedInformerFactory(
			dynamic.NewForConfigOrDie(config), 0, metav1.NamespaceAll, nil).ForResource(pods).Informer()
	}

	if *mode == "trimmed" {
		_ = informer.SetTransform(func(object any) (any, error) {
			if accessor, err := meta.Accessor(object); err == nil {
				accessor.SetManagedFields(nil)
			}
			return object, nil
		})
	}

	before := retained()
	started := time.Now()
	go informer.Run(ctx.Done())
	if !cache.WaitForCacheSync(ctx.Done(), informer.HasSynced) {
		os.Exit(1)
	}
	seconds := time.Since(started).Seconds()
	after := retained()
	_ = json.NewEncoder(os.Stdout).Encode(result{
		Objects:    len(informer.GetStore().ListKeys()),
		RetainedMB: float64(after-before) / 1e6,
		Seconds:    seconds,
	})
}
