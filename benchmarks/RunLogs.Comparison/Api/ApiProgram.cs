namespace RunLogs.Comparison.Api;

/// <summary>The API server as a process: writes kubeconfigs and its certificate into a folder, tells that it listens, and ends with its input.</summary>
internal static class ApiProgram
{
    public const string Command = "api";
    public const string Listening = "listening";
    public const string PlainConfig = "plain.kubeconfig";
    public const string TlsConfig = "tls.kubeconfig";
    public const string Authority = "authority.pem";
    public const string Certificate = "certificate.pem";
    public const string Key = "key.pem";

    public static async Task RunAsync(string folder, long preparedLines, CancellationToken cancellationToken)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var certificate = new ApiCertificate();
        var wheel = new TickWheel();
        var logs = new LogAnswers(new PreparedLog(preparedLines), wheel);
        using var plain = new PlainServer(logs);
        await using var tls = await TlsServer.StartAsync(certificate, logs, end.Token);
        var (plainUrl, tlsUrl) = ($"http://127.0.0.1:{plain.Port}", $"https://127.0.0.1:{tls.Port}");
        await File.WriteAllTextAsync(Path.Combine(folder, PlainConfig), KubeConfig.For(plainUrl, null), end.Token);
        await File.WriteAllTextAsync(Path.Combine(folder, TlsConfig), KubeConfig.For(tlsUrl, certificate.AuthorityPem), end.Token);
        await File.WriteAllTextAsync(Path.Combine(folder, Authority), certificate.AuthorityPem, end.Token);
        await File.WriteAllTextAsync(Path.Combine(folder, Certificate), certificate.CertificatePem, end.Token);
        await File.WriteAllTextAsync(Path.Combine(folder, Key), certificate.KeyPem, end.Token);
        Task[] running = [plain.RunAsync(end.Token), wheel.RunAsync(end.Token)];
        Console.WriteLine($"{Listening} {plainUrl} {tlsUrl}");
        await Console.In.ReadToEndAsync(end.Token);
        await end.CancelAsync();
        await Task.WhenAll(running).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}
