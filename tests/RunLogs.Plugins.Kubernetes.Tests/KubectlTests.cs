namespace RunLogs.Plugins.Kubernetes.Tests;

/// <summary>kubectl's agreement over plain HTTP/1.1.</summary>
public sealed class KubectlTests() : KubectlAgreementTests(tls: false);
