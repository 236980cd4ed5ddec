namespace RunLogs.Host.Api;

/// <summary>Who a caller is, as far as limits go: its remote address.</summary>
internal static class Callers
{
    public static string Of(HttpContext http) => http.Connection.RemoteIpAddress?.ToString() ?? "";
}
