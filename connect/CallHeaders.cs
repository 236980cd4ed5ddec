using System.Globalization;
using Grpc.Core;
using Microsoft.AspNetCore.Http;

namespace RunLogs.Connect;

/// <summary>What a request's headers say about the call itself: version, time limit and the encodings of its messages.</summary>
/// <param name="GrpcTimeout">The time limit in gRPC's words.</param>
/// <param name="IsGzip">Whether the request is compressed, or its envelopes may be.</param>
/// <param name="AcceptsGzip">Whether the client reads compressed answers.</param>
internal readonly record struct CallHeaders(string? GrpcTimeout, bool IsGzip, bool AcceptsGzip)
{
    public const string StreamEncoding = "Connect-Content-Encoding";
    public const string StreamAcceptEncoding = "Connect-Accept-Encoding";

    private const string Version = "Connect-Protocol-Version";
    private const string Timeout = "Connect-Timeout-Ms";

    // gRPC's timeout has at most 8 digits, Connect's 10.
    private const long LongestGrpcMilliseconds = 99_999_999;

    public static CallHeaders Read(IHeaderDictionary headers, bool isStream)
    {
        if (headers.TryGetValue(Version, out var version) && version != "1")
            throw Refused(StatusCode.InvalidArgument, $"{Version} must be 1, or absent; it is \"{version}\".");

        var (encoding, accept) = isStream ? (StreamEncoding, StreamAcceptEncoding) : ("Content-Encoding", "Accept-Encoding");
        var isGzip = Gzip.IsNamed(encoding, headers[encoding]);
        return new CallHeaders(ReadTimeout(headers), isGzip, Gzip.IsAccepted(headers[accept], isGzip));
    }

    private static string? ReadTimeout(IHeaderDictionary headers)
    {
        if (!headers.TryGetValue(Timeout, out var value))
            return null;

        var text = value.ToString();
        if (text.Length > 10 || !long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var milliseconds))
            throw Refused(StatusCode.InvalidArgument, $"{Timeout} must be a whole number of milliseconds of at most 10 digits; it is \"{value}\".");

        if (milliseconds == 0)
            throw Refused(StatusCode.DeadlineExceeded, $"{Timeout} is 0: the time of the call was over before it began.");

        return milliseconds <= LongestGrpcMilliseconds
            ? string.Create(CultureInfo.InvariantCulture, $"{milliseconds}m")
            : string.Create(CultureInfo.InvariantCulture, $"{milliseconds / 1000}S");
    }

    private static RpcException Refused(StatusCode code, string sentence) => new(new Status(code, sentence));
}
