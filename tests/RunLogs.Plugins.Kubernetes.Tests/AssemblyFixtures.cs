using RunLogs.Testing.Leftovers;

[assembly: AssemblyFixture(typeof(LeftoverCount))]
