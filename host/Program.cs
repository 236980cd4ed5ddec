using RunLogs.Host;

SharedBuffers.Keep();
return await HostStartup.RunAsync(args);
