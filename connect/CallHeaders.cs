using System.Globalization;
using Grpc.Core;
using Microsoft.AspNetCore.Http;

namespace RunLogs.Connect;

/// <summary>What a unary request's headers say about the call itself: version, time limit and body encoding.</summary>
internal readonly record struct CallHeaders(string? GrpcTimeout, bool IsGzip)
{
    private const string Version = "Connect-Protocol-Version";
    private const string Timeout = "Connect-Timeout-Ms";

    // gRPC's timeout has at most 8 digits, Connect's 10.
    private const long LongestGrpcMilliseconds = 99_999_999;

    public static CallHeaders Read(IHeaderDictionary headers)
    {
        if (headers.TryGetValue(Version, out var version) && version != "1")
            throw Refused(StatusCode.InvalidArgument, $"{Version} must be 1, or absent; it is \"{version}\".");

        return new CallHeaders(ReadTimeout(headers), Gzip.IsUsed(headers));
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
