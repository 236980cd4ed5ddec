using System.Data.Common;

namespace RunLogs.Host.Contexts;

/// <summary>RunLogs' own database: opened for one piece of work at a time; its failures are sentences.</summary>
internal interface IContextDatabase
{
    /// <summary>Work that changes nothing; it may run twice.</summary>
    Task<T> ReadAsync<T>(Func<DbConnection, Task<T>> work, CancellationToken cancellationToken);

    /// <summary>Work within one transaction, which is committed when the work returns.</summary>
    Task<T> WriteAsync<T>(Func<DbConnection, DbTransaction, Task<T>> work, CancellationToken cancellationToken);

    /// <summary>Brings the database to this version's schema; before the host serves.</summary>
    /// <exception cref="ContextException">With a sentence for the operator: the host must not start.</exception>
    Task MigrateAsync(CancellationToken cancellationToken);
}
