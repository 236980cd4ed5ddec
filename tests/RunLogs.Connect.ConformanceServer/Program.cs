using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using RunLogs.Connect;
using RunLogs.Connect.Conformance;

// Started by the conformance runner: what to serve comes from the standard input, where it is served goes to the
// standard output, and nothing else does. It serves until it is told to end.
var asked = await Framing.ReadAsync(Console.OpenStandardInput(), ServerCompatRequest.Parser);
if (asked.UseTls)
{
    await Console.Error.WriteLineAsync("This server speaks cleartext only; set supportsTls: false in the runner's configuration.");
    return 1;
}

var builder = WebApplication.CreateSlimBuilder();
builder.Logging.ClearProviders().SetMinimumLevel(LogLevel.Warning)
    .AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(3));
builder.Services.AddGrpc(grpc => grpc.MaxReceiveMessageSize = asked.MessageReceiveLimit > 0 ? (int)asked.MessageReceiveLimit : null);
builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen =>
    listen.Protocols = asked.HttpVersion == HTTPVersion._2 ? HttpProtocols.Http2 : HttpProtocols.Http1));

await using var app = builder.Build();
app.UseRouting();
app.UseGrpcWeb(new GrpcWebOptions { DefaultEnabled = true });
app.UseConnect(new ConnectOptions { DefaultEnabled = true });
app.UseBinaryMetadata();
app.MapGrpcService<Conformer>();
await app.StartAsync();

var address = new Uri(app.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.Single());
await Framing.WriteAsync(Console.OpenStandardOutput(), new ServerCompatResponse { Host = address.Host, Port = (uint)address.Port });
await app.WaitForShutdownAsync();
return 0;
