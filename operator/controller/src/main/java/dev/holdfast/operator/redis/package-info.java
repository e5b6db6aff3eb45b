/**
 * The two protocols a store speaks with its operator: RESP on its port, HTTP on its health port.
 * Nothing here knows Kubernetes.
 */
package dev.holdfast.operator.redis;
