using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;

namespace RunLogs.Testing.CloudWatch;

/// <summary>Verifies AWS Signature Version 4 from its published steps.</summary>
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

        var signed = match.Groups["headers"].Value;
        var names = signed.Split(';');
        var canonical = new StringBuilder("POST\n/\n\n");
        foreach (var name in names)
            canonical.Append(name).Append(':').Append(Spaces().Replace(request.Headers[name].ToString().Trim(), " ")).Append('\n');

        canonical.Append('\n').Append(signed).Append('\n').Append(Hex(SHA256.HashData(body)));
        var text = $"AWS4-HMAC-SHA256\n{stamp}\n{scope}\n{Hex(SHA256.HashData(Encoding.UTF8.GetBytes(canonical.ToString())))}";
        var signing = Hmac(Hmac(Hmac(Hmac(Encoding.UTF8.GetBytes("AWS4" + known.Secret), stamp[..8]), region), "logs"), "aws4_request");
        if (scope != $"{stamp[..8]}/{region}/logs/aws4_request" || Hex(Hmac(signing, text)) != match.Groups["signature"].Value
            || !Array.Exists(names, name => name == "host") || !Array.Exists(names, name => name == "x-amz-target"))
        {
            throw new FakeServiceException("InvalidSignatureException", "The request signature we calculated does not match the signature you provided.");
        }
    }

    private static byte[] Hmac(byte[] key, string text) => HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(text));

    private static string Hex(byte[] bytes) => Convert.ToHexStringLower(bytes);

    [GeneratedRegex("^AWS4-HMAC-SHA256 Credential=(?<key>[^/]+)/(?<scope>[^,]+), ?SignedHeaders=(?<headers>[^,]+), ?Signature=(?<signature>[0-9a-f]{64})$")]
    private static partial Regex Credential();

    [GeneratedRegex(" +")]
    private static partial Regex Spaces();
}
