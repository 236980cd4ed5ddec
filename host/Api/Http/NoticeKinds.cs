using RunLogs.Abstractions;

namespace RunLogs.Host.Api.Http;

/// <summary>Notice kinds as <c>runlogs.v1.Notice.Kind</c> spells them.</summary>
internal static class NoticeKinds
{
    public static string NameOf(LogNoticeKind kind) => kind switch
    {
        LogNoticeKind.SourceChanged => "SOURCE_CHANGED",
        LogNoticeKind.LinesLost => "LINES_LOST",
        LogNoticeKind.LineCut => "LINE_CUT",
        LogNoticeKind.Throttled => "THROTTLED",
        LogNoticeKind.ArchiveLag => "ARCHIVE_LAG",
        LogNoticeKind.InstanceRestarted => "INSTANCE_RESTARTED",
        LogNoticeKind.SourceReconnected => "SOURCE_RECONNECTED",
        LogNoticeKind.SourceFailed => "SOURCE_FAILED",
        LogNoticeKind.Inexact => "INEXACT",
        _ => "KIND_UNSPECIFIED",
    };
}
