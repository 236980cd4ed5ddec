namespace RunLogs.Host.Tests.Contexts;

/// <summary>Tests on a real PostgreSQL.</summary>
[CollectionDefinition(nameof(PostgresCollection))]
public sealed class PostgresCollection : ICollectionFixture<PostgresFixture>;
