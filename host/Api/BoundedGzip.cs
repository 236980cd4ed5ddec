using System.IO.Compression;
using Grpc.Core;
using Grpc.Net.Compression;

namespace RunLogs.Host.Api;

/// <summary>The compression of gRPC messages; what a message grows to is bounded while it grows: a few kilobytes can hold gigabytes.</summary>
internal sealed class BoundedGzip(int mostBytes) : ICompressionProvider
{
    public string EncodingName => "gzip";

    public Stream CreateCompressionStream(Stream stream, CompressionLevel? compressionLevel) => new GZipStream(stream, compressionLevel ?? CompressionLevel.Fastest, leaveOpen: true);

    public Stream CreateDecompressionStream(Stream stream) => new Decompressed(new GZipStream(stream, CompressionMode.Decompress, leaveOpen: true), mostBytes);

    private sealed class Decompressed(GZipStream gzip, int mostBytes) : Stream
    {
        private int _read;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override int Read(Span<byte> buffer)
        {
            var read = gzip.Read(buffer);
            _read += read;
            return _read <= mostBytes ? read : throw new RpcException(new Status(StatusCode.ResourceExhausted, $"The request is larger than {mostBytes} bytes once it is decompressed."));
        }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override void Flush() => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                gzip.Dispose();
            }

            base.Dispose(disposing);
        }
    }
}
