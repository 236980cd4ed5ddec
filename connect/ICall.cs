using Microsoft.AspNetCore.Http;

namespace RunLogs.Connect;

/// <summary>One Connect call, with one answer or a stream of them.</summary>
internal interface ICall
{
    Task RunAsync(RequestDelegate next);
}
