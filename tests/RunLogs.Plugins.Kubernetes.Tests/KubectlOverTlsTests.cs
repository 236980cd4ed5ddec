namespace RunLogs.Plugins.Kubernetes.Tests;

/// <summary>kubectl's agreement over TLS and HTTP/2.</summary>
public sealed class KubectlOverTlsTests() : KubectlAgreementTests(tls: true);
