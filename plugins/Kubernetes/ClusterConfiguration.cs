using k8s;
using k8s.Authentication;
using k8s.Exceptions;
using k8s.KubeConfigModels;
using RunLogs.Abstractions;

namespace RunLogs.Plugins.Kubernetes;

/// <summary>Finds the cluster and our credentials: the settings, else the pod we run in, else KUBECONFIG, else the user's kubeconfig.</summary>
internal static class ClusterConfiguration
{
    public static KubernetesClientConfiguration Find(KubernetesSettings settings, string section, ClusterSurroundings surroundings)
    {
        // A context is a word of kubeconfig files: who sets one does not mean the cluster we run in.
        if (settings is { KubeConfig: null, Context: null } && surroundings.InCluster)
        {
            return KubernetesClientConfiguration.InClusterConfig();
        }

        var files = Files(settings, surroundings);
        if (files.Count == 0)
        {
            throw new BackendDisabledException($"No Kubernetes cluster is configured: RunLogs does not run in one, KUBECONFIG names no file and {surroundings.KubeConfigOfUser} does not exist. Set {section}:{nameof(settings.KubeConfig)}.");
        }

        var names = string.Join(", ", files);
        try
        {
            return Load(files, settings.Context);
        }
        catch (KubeConfigException fault)
        {
            var key = settings.Context is null ? nameof(settings.KubeConfig) : nameof(settings.Context);
            throw new BackendConfigurationException([$"{section}:{key} cannot be used with {names}: {fault.Message}."]);
        }
        catch (Exception fault)
        {
            // A parser's message may quote the file, which holds secrets.
            throw new BackendConfigurationException([$"{section}:{nameof(settings.KubeConfig)}: {names} is no readable kubeconfig ({fault.GetType().Name})."]);
        }
    }

    private static List<string> Files(KubernetesSettings settings, ClusterSurroundings surroundings)
    {
        if (settings.KubeConfig is { } file)
        {
            return [file];
        }

        var named = surroundings.KubeConfigVariable.Where(File.Exists).ToList();
        return named.Count > 0 || !File.Exists(surroundings.KubeConfigOfUser) ? named : [surroundings.KubeConfigOfUser];
    }

    private static KubernetesClientConfiguration Load(List<string> files, string? context)
    {
        // Of several files the first that knows a name counts, as with kubectl.
        var all = files.ConvertAll(file => KubernetesClientConfiguration.LoadKubeConfig(file));
        var merged = all[0];
        merged.Clusters = [.. all.SelectMany(one => one.Clusters ?? [])];
        merged.Contexts = [.. all.SelectMany(one => one.Contexts ?? [])];
        merged.Users = [.. all.SelectMany(one => one.Users ?? [])];
        merged.CurrentContext = all.Select(one => one.CurrentContext).FirstOrDefault(name => !string.IsNullOrEmpty(name));

        // A credential plugin may ask the network: it runs with the first request, not now.
        var exec = TakeCredentialPlugin(merged, context ?? merged.CurrentContext);
        var configuration = KubernetesClientConfiguration.BuildConfigFromConfigObject(merged, context);
        if (exec is not null)
        {
            configuration.AccessToken = null;
            configuration.TokenProvider = new ExecTokenProvider(exec);
        }

        return configuration;
    }

    private static ExternalExecution? TakeCredentialPlugin(K8SConfiguration file, string? context)
    {
        var name = file.Contexts.FirstOrDefault(one => string.Equals(one.Name, context, StringComparison.OrdinalIgnoreCase))?.ContextDetails?.User;
        var credentials = file.Users.FirstOrDefault(one => string.Equals(one.Name, name, StringComparison.OrdinalIgnoreCase))?.UserCredentials;
        if (credentials?.ExternalExecution is not { } exec)
        {
            return null;
        }

        credentials.ExternalExecution = null;
        credentials.Token = "until the credential plugin has run";
        return exec;
    }
}
