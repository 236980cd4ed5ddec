using System.IO.Pipelines;
using Grpc.AspNetCore.Server;
using Grpc.Core;
using Microsoft.AspNetCore.Http.Features;

namespace RunLogs.Host.Api;

/// <summary>The body of a gRPC call's request: a client that goes away while it is read ends the call, and is no error of the host's.</summary>
/// <remarks>It is read before any interceptor is asked, and what is thrown there would be logged as an error unless it is a status.</remarks>
internal sealed class CallBody(PipeReader body) : PipeReader, IRequestBodyPipeFeature
{
    public PipeReader Reader => this;

    /// <summary>Gives it to each call of a gRPC service.</summary>
    public static void Use(IApplicationBuilder app) => app.Use((http, next) =>
    {
        if (http.GetEndpoint()?.Metadata.GetMetadata<GrpcMethodMetadata>() is not null)
        {
            http.Features.Set<IRequestBodyPipeFeature>(new CallBody(http.Request.BodyReader));
        }

        return next(http);
    });

    public override async ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default)
    {
        try
        {
            return await body.ReadAsync(cancellationToken);
        }
        catch (IOException)
        {
            throw Gone();
        }
    }

    public override bool TryRead(out ReadResult result)
    {
        try
        {
            return body.TryRead(out result);
        }
        catch (IOException)
        {
            throw Gone();
        }
    }

    public override void AdvanceTo(SequencePosition consumed) => AdvanceTo(consumed, consumed);

    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined)
    {
        try
        {
            body.AdvanceTo(consumed, examined);
        }
        catch (IOException)
        {
            throw Gone();
        }
    }

    public override void CancelPendingRead() => body.CancelPendingRead();

    public override void Complete(Exception? exception = null) => body.Complete(exception);

    private static RpcException Gone() => new(new Status(StatusCode.Cancelled, "The request did not come whole: the client is gone."));
}
