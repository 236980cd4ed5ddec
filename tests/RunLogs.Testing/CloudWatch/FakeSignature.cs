using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;

namespace RunLogs.Testing.CloudWatch;

/// <summary>AWS Signature Version 4 from its published steps.</summary>
internal static partial class FakeSignature
{
    private static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(5);

    /// <summary>Throws what the service answers to a request that is not signed well.</summary>
    public static void Verify(HttpRequest request, byte[] body, Func<string, (string Secret, string? Token)?> keys, string region, DateTimeOffset now)
    {
        var match = Credential().Match(request.Headers.Authorization.ToString());
        if (!match.Success)
            throw new FakeServiceException("MissingAuthenticationTokenException", "Missing Authentication Token");

        var (key, scope) = (match.Groups["key"].Value, match.Groups["scope"].Value);
        if (keys(key) is not { } known || request.Headers["X-Amz-Security-Token"].ToString() != (known.Token ?? ""))
            throw new FakeServiceException("UnrecognizedClientException", "The security token included in the request is invalid.");

        var stamp = request.Headers["X-Amz-Date"].ToString();
        var date = DateTimeOffset.ParseExact(stamp, "yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
        if ((date - now).Duration() > Tolerance)
            throw new FakeServiceException("InvalidSignatureException", $"Signature expired: {stamp} is not within five minutes of now.");

        var names = match.Groups["headers"].Value.Split(';');
        if (scope != Scope(stamp, region) || Of(names.Select(name => (name, request.Headers[name].ToString())), body, known.Secret, region, stamp) != match.Groups["signature"].Value
            || !Array.Exists(names, name => name == "host") || !Array.Exists(names, name => name == "x-amz-target"))
        {
            throw new FakeServiceException("InvalidSignatureException", "The request signature we calculated does not match the signature you provided.");
        }
    }

    /// <summary>Signs a call.</summary>
    public static void Sign(HttpRequestMessage request, byte[] body, string accessKey, string secret, string region, DateTimeOffset now)
    {
        var stamp = now.UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);
        request.Headers.Add("X-Amz-Date", stamp);
        (string, string)[] headers = [("host", request.RequestUri!.Authority), ("x-amz-date", stamp), ("x-amz-target", request.Headers.GetValues("X-Amz-Target").Single())];
        var signature = Of(headers, body, secret, region, stamp);
        request.Headers.TryAddWithoutValidation("Authorization", $"AWS4-HMAC-SHA256 Credential={accessKey}/{Scope(stamp, region)}, SignedHeaders=host;x-amz-date;x-amz-target, Signature={signature}");
    }

    private static string Of(IEnumerable<(string Name, string Value)> headers, byte[] body, string secret, string region, string stamp)
    {
        var canonical = new StringBuilder("POST\n/\n\n");
        foreach (var (name, value) in headers)
            canonical.Append(name).Append(':').Append(Spaces().Replace(value.Trim(), " ")).Append('\n');

        canonical.Append('\n').AppendJoin(';', headers.Select(header => header.Name)).Append('\n').Append(Hex(SHA256.HashData(body)));
        var text = $"AWS4-HMAC-SHA256\n{stamp}\n{Scope(stamp, region)}\n{Hex(SHA256.HashData(Encoding.UTF8.GetBytes(canonical.ToString())))}";
        return Hex(Hmac(Hmac(Hmac(Hmac(Hmac(Encoding.UTF8.GetBytes("AWS4" + secret), stamp[..8]), region), "logs"), "aws4_request"), text));
    }

    private static string Scope(string stamp, string region) => $"{stamp[..8]}/{region}/logs/aws4_request";

    private static byte[] Hmac(byte[] key, string text) => HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(text));

    private static string Hex(byte[] bytes) => Convert.ToHexStringLower(bytes);

    [GeneratedRegex("^AWS4-HMAC-SHA256 Credential=(?<key>[^/]+)/(?<scope>[^,]+), ?SignedHeaders=(?<headers>[^,]+), ?Signature=(?<signature>[0-9a-f]{64})$")]
    private static partial Regex Credential();

    [GeneratedRegex(" +")]
    private static partial Regex Spaces();
}
