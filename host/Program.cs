using RunLogs.Host;

return await HostStartup.RunAsync(args);
