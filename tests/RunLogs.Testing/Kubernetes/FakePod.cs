using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using RunLogs.Abstractions;

namespace RunLogs.Testing.Kubernetes;

/// <summary>A pod of the <see cref="FakeKubernetesApi"/>; what is set on it shows with the next request.</summary>
public sealed class FakePod
{
    private readonly FakeKubernetesApi _api;
    private readonly List<FakeContainer> _containers = [];
    private string? _frozen;

    internal FakePod(FakeKubernetesApi api, string @namespace, string name, string uid)
    {
        _api = api;
        (Namespace, Name, Uid) = (@namespace, name, uid);
    }

    public string Namespace { get; }

    public string Name { get; }

    public string Uid { get; }

    /// <summary>The node's name; null while the pod is not scheduled.</summary>
    public string? Node { get; set; } = "node-1";

    /// <summary>Whether the pod's Node object was removed.</summary>
    public bool NodeIsMissing { get; set; }

    public Dictionary<string, string> Labels { get; } = [];

    /// <summary>Always, OnFailure or Never.</summary>
    public string RestartPolicy { get; set; } = "Never";

    /// <summary>Pending, Running, Succeeded or Failed; null for what its containers make of it.</summary>
    public string? Phase { get; set; }

    /// <summary>Why the pod as a whole failed, such as Evicted.</summary>
    public string? Reason { get; set; }

    /// <summary>How much text a log file holds before the kubelet, which looks after each append, begins another; null for one file.</summary>
    public long? MaxLogFileBytes { get; set; }

    /// <summary>When its deletion was asked for, while it still runs.</summary>
    public LogTimestamp? DeletedAt { get; set; }

    /// <summary>Answers every read of the pod's status; null for the status.</summary>
    public FakeAnswer? StatusAnswer { get; set; }

    /// <summary>Answers every log request; null for the log.</summary>
    public FakeAnswer? LogAnswer { get; set; }

    /// <summary>Answers to the next reads of the status, one each, before <see cref="StatusAnswer"/>.</summary>
    public Queue<FakeAnswer> StatusAnswers { get; } = [];

    /// <summary>Answers to the next log requests, one each, before <see cref="LogAnswer"/>.</summary>
    public Queue<FakeAnswer> LogAnswers { get; } = [];

    internal FakeKubernetesApi Api => _api;

    /// <summary>A container of the pod; the first mention adds it, running.</summary>
    public FakeContainer Container(string name) => Find(name) ?? Add(new FakeContainer(this, name, isInit: false));

    /// <summary>An init container of the pod; the first mention adds it, running.</summary>
    public FakeContainer InitContainer(string name) => Find(name) ?? Add(new FakeContainer(this, name, isInit: true));

    /// <summary>Keeps showing the status of this moment, as an API server does for up to a second.</summary>
    public void FreezeStatus() => _frozen = ToJson(pretty: false);

    public void ThawStatus() => _frozen = null;

    /// <summary>The status of this moment as an answer, to be given later.</summary>
    public FakeAnswer ToAnswer() => FakeAnswer.Text(StatusCodes.Status200OK, ToJson(pretty: false), "application/json");

    internal FakeAnswer? NextStatusAnswer() => Next(StatusAnswers) ?? StatusAnswer;

    internal FakeAnswer? NextLogAnswer() => Next(LogAnswers) ?? LogAnswer;

    internal FakeContainer Choose(string? name)
    {
        if (name is not null)
            return Find(name) ?? throw FakeStatus.BadRequest($"container {name} is not valid for pod {Name}");

        var regular = _containers.Where(container => !container.IsInit).ToArray();
        return regular.Length == 1 ? regular[0]
            : throw FakeStatus.BadRequest($"a container name must be specified for pod {Name}, choose one of: [{string.Join(' ', InOrder().Select(container => container.Name))}]");
    }

    internal string ToJson(bool pretty) => _frozen ?? Json().ToJsonString(pretty ? FakeStatus.Pretty : FakeStatus.Compact) + "\n";

    private FakeContainer? Find(string name)
    {
        lock (_api.Lock)
        {
            return _containers.Find(container => container.Name == name);
        }
    }

    private FakeContainer Add(FakeContainer container)
    {
        _api.Change(() => _containers.Add(container));
        return container;
    }

    private FakeAnswer? Next(Queue<FakeAnswer> answers)
    {
        lock (_api.Lock)
        {
            return answers.TryDequeue(out var answer) ? answer : null;
        }
    }

    private IEnumerable<FakeContainer> InOrder() => _containers.OrderByDescending(container => container.IsInit);

    private JsonObject Json()
    {
        lock (_api.Lock)
        {
            var metadata = new JsonObject { ["name"] = Name, ["namespace"] = Namespace, ["uid"] = Uid };
            metadata["labels"] = new JsonObject(Labels.Select(label => KeyValuePair.Create(label.Key, (JsonNode?)label.Value)));
            if (DeletedAt is { } deleted)
                metadata["deletionTimestamp"] = FakeContainer.Seconds(deleted);

            var spec = new JsonObject { ["restartPolicy"] = RestartPolicy, ["containers"] = Specs(isInit: false), ["initContainers"] = Specs(isInit: true) };
            var status = new JsonObject { ["phase"] = Phase ?? PhaseOfContainers() };
            if (Reason is not null)
                status["reason"] = Reason;

            if (Node is not null)
            {
                spec["nodeName"] = Node;
                status["containerStatuses"] = Statuses(isInit: false);
                status["initContainerStatuses"] = Statuses(isInit: true);
            }

            return new JsonObject { ["kind"] = "Pod", ["apiVersion"] = "v1", ["metadata"] = metadata, ["spec"] = spec, ["status"] = status };
        }
    }

    private string PhaseOfContainers()
    {
        var regular = _containers.Where(container => !container.IsInit).ToArray();
        return Node is null || Array.Exists(regular, container => !container.HasStarted) ? "Pending"
            : RestartPolicy == "Always" || regular.Length == 0 || Array.Exists(regular, container => container.MayGoOn) ? "Running"
            : Array.TrueForAll(regular, container => container.Succeeded) ? "Succeeded" : "Failed";
    }

    private JsonArray Specs(bool isInit) => new([.. _containers.Where(one => one.IsInit == isInit).Select(one => one.Spec())]);

    private JsonArray Statuses(bool isInit) => new([.. _containers.Where(one => one.IsInit == isInit).Select(one => one.Status())]);
}
