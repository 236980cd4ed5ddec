using System.Net;
using System.Security.Cryptography.X509Certificates;
using RunLogs.Comparison.Rig;

namespace RunLogs.Comparison.Clients;

/// <summary>A .NET client that asks the API itself.</summary>
internal sealed class DirectReader : IDisposable
{
    private readonly HttpClient _http;

    public DirectReader(ApiServer api)
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.ImportFromPemFile(api.AuthorityFile);
        _http = new HttpClient(new SocketsHttpHandler
        {
            EnableMultipleHttp2Connections = true,
            InitialHttp2StreamWindowSize = 2 * 1024 * 1024,
            SslOptions = { CertificateChainPolicy = policy },
        })
        { DefaultRequestVersion = HttpVersion.Version20, Timeout = Timeout.InfiniteTimeSpan };
    }

    /// <summary>Opens a log; its headers are there.</summary>
    public async Task<HttpResponseMessage> OpenAsync(Uri log, CancellationToken cancellationToken) =>
        (await _http.GetAsync(log, HttpCompletionOption.ResponseHeadersRead, cancellationToken)).EnsureSuccessStatusCode();

    public async Task ReadAsync(Uri log, ExpectedLog expected, CancellationToken cancellationToken)
    {
        using var response = await OpenAsync(log, cancellationToken);
        var (lines, hash) = await RawLines.ReadAsync(await response.Content.ReadAsStreamAsync(cancellationToken), cancellationToken);
        expected.Check("HttpClient", lines, hash);
    }

    /// <summary>How long it takes from the request to the first byte of the log.</summary>
    public async Task<TimeSpan> FirstByteAsync(Uri log, CancellationToken cancellationToken)
    {
        var began = TimeProvider.System.GetTimestamp();
        using var response = await OpenAsync(log, cancellationToken);
        await using var body = await response.Content.ReadAsStreamAsync(cancellationToken);
        await body.ReadExactlyAsync(new byte[1], cancellationToken);
        var taken = TimeProvider.System.GetElapsedTime(began);
        await body.CopyToAsync(Stream.Null, cancellationToken);
        return taken;
    }

    public void Dispose() => _http.Dispose();
}
