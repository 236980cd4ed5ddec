using System.Net;
using Microsoft.AspNetCore.HttpOverrides;

namespace RunLogs.Host;

/// <summary>Takes a client's address, scheme and host from the headers of proxies that are known, and of no other.</summary>
internal static class KnownProxies
{
    public static void UseKnownProxies(this IApplicationBuilder app, string proxies)
    {
        if (string.IsNullOrWhiteSpace(proxies))
        {
            return;
        }

        var headers = new ForwardedHeadersOptions
        {
            ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto | ForwardedHeaders.XForwardedHost,
            ForwardLimit = null, // as far as the proxies are known
        };
        headers.KnownProxies.Clear();
        headers.KnownIPNetworks.Clear();
        foreach (var proxy in proxies.Split(',', StringSplitOptions.TrimEntries))
        {
            if (proxy.Contains('/'))
            {
                headers.KnownIPNetworks.Add(System.Net.IPNetwork.Parse(proxy));
            }
            else
            {
                headers.KnownProxies.Add(IPAddress.Parse(proxy));
            }
        }

        app.UseForwardedHeaders(headers);
    }
}
